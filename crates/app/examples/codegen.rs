//! Writes the window's TypeScript types: `codegen OUT_DIR`, or compares with `codegen --check OUT_DIR`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut check = false;
    let mut dir = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => check = true,
            other => dir = Some(PathBuf::from(other)),
        }
    }
    let Some(dir) = dir else {
        eprintln!("usage: codegen [--check] OUT_DIR");
        return ExitCode::from(2);
    };
    let outcome = if check { compare(&dir) } else { write(&dir) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &std::path::Path) -> Result<(), String> {
    std::fs::create_dir_all(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    for (name, text) in evertill_app::codegen::files() {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn compare(dir: &std::path::Path) -> Result<(), String> {
    let stale: Vec<&str> = evertill_app::codegen::files()
        .into_iter()
        .filter(|(name, text)| {
            // A checkout on Windows may have turned the line ends.
            let there = std::fs::read_to_string(dir.join(name)).unwrap_or_default();
            there.replace("\r\n", "\n") != *text
        })
        .map(|(name, _)| name)
        .collect();
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "{} is not what the commands say: {}. Run `cargo xtask codegen`.",
            dir.display(),
            stale.join(", ")
        ))
    }
}
