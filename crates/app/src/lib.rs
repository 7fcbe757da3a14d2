//! What a till can do: commands, sessions, permission checks.
