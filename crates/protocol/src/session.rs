//! How a person signs in at a till, once online.

use evertill_core::{Role, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::UserRecord;
use crate::schema::role_schema;

/// A person signs in on an enrolled device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInRequest {
    /// Who.
    #[schema(value_type = String, example = "ana", max_length = 200)]
    pub user: UserId,
    /// The password, in the clear inside TLS. Never logged.
    #[schema(format = Password, max_length = 1024)]
    pub password: String,
}

impl std::fmt::Debug for SignInRequest {
    // By hand, so that no log line ever shows a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInRequest")
            .field("user", &self.user)
            .field("password", &"…")
            .finish()
    }
}

/// What lets a person work at this till, offline too, until it expires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Grant {
    /// The person.
    pub user: UserRecord,
    /// What they may do.
    #[schema(schema_with = role_schema)]
    pub role: Role,
    /// When the hub gave the grant, by its own clock.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// When the person has to sign in online again.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// Argon2id hash (PHC string) of the person's PIN, if they have one.
    #[serde(default)]
    pub pin_hash: Option<String>,
}
