//! Asks this user's keyring for an entry, keeps one, or removes it:
//! `keyring-probe load|save|remove SERVICE ACCOUNT SECONDS [HEX]`.
//!
//! Prints `none`, the secret as hex, `saved`, `removed`, or the error's code. The keyring's tests
//! run it inside a session bus of their own; it is also handy to see whether a computer has a
//! working keyring at all.

use std::process::ExitCode;
use std::time::Duration;

use evertill_core::Coded;
use evertill_device::{KeyringError, OsKeyring};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (verb, service, account, seconds, secret) = match words.as_slice() {
        [verb, service, account, seconds] => (*verb, *service, *account, *seconds, ""),
        [verb, service, account, seconds, secret] => (*verb, *service, *account, *seconds, *secret),
        _ => {
            eprintln!("usage: keyring-probe load|save|remove SERVICE ACCOUNT SECONDS [HEX]");
            return ExitCode::from(2);
        }
    };
    let Ok(seconds) = seconds.parse() else {
        eprintln!("SECONDS is a whole number");
        return ExitCode::from(2);
    };
    let keyring = OsKeyring::new(service, account).with_patience(Duration::from_secs(seconds));
    match run(&keyring, verb, secret) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}", error.code());
            eprintln!("{error} {:?}", error.params());
            ExitCode::FAILURE
        }
    }
}

fn run(keyring: &OsKeyring, verb: &str, secret: &str) -> Result<String, KeyringError> {
    match verb {
        "load" => Ok(keyring
            .load()?
            .map_or_else(|| "none".to_owned(), |found| hex::encode(*found))),
        "save" => {
            let mut bytes = [0_u8; 32];
            hex::decode_to_slice(secret, &mut bytes).map_err(|error| KeyringError::Damaged {
                detail: error.to_string(),
            })?;
            keyring.save(&bytes).map(|()| "saved".to_owned())
        }
        _ => keyring.remove().map(|()| "removed".to_owned()),
    }
}
