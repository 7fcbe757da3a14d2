//! Joining a shop.

use evertill_core::Fault;
use evertill_protocol as protocol;

use super::Admin;
use super::types::{EnrolTillRequest, EnrolmentCheckRequest, EnrolmentCheckView};
use crate::caller::Caller;
use crate::fault::AppError;
use crate::shop::{ENROLMENT, EnrolledShop, Enrolment, SHOP};
use crate::state::TillState;
use crate::sync::fault_of;

/// Longest name of a till, in characters.
const MAX_NAME: usize = 60;

/// `enrolment.check`: whether there is a hub at the address and, if a code is given, whether the
/// code could be used now. Uses up nothing and changes nothing.
///
/// Refusals: `already_enrolled`, `hub_url_invalid`, `enrol_code_missing`, `hub_unreachable`,
/// `hub_timeout`, `hub_garbage`, `hub_without_shop`, `enrol_code_wrong`, `enrol_code_used`,
/// `enrol_code_expired`.
pub(super) async fn check(
    admin: &Admin,
    _: &Caller,
    request: &EnrolmentCheckRequest,
) -> Result<EnrolmentCheckView, Fault> {
    if admin.context.shop().is_ok() {
        return Err(AppError::AlreadyEnrolled.into());
    }
    let upstream = admin.sync.connect(&hub_url(&request.hub_url)?, None)?;
    let Some(code) = request.code.as_deref().map(str::trim) else {
        upstream.health().await.map_err(fault_of)?;
        return Ok(EnrolmentCheckView { shop: None });
    };
    if code.is_empty() {
        return Err(AppError::EnrolCodeMissing.into());
    }
    let wanted = protocol::EnrolCheckRequest {
        code: code.to_owned(),
    };
    let answer = upstream.check_code(&wanted).await.map_err(fault_of)?;
    Ok(EnrolmentCheckView {
        shop: Some(answer.shop),
    })
}

/// `enrolment.enrol`: trades a single-use code for the till's place in the shop, then loads the
/// catalogue in the background.
///
/// Refusals: `already_enrolled`, `hub_url_invalid`, `enrol_code_missing`, `till_name_invalid`,
/// `hub_unreachable`, `hub_timeout`, `hub_garbage`, `enrol_code_wrong`, `enrol_code_used`,
/// `enrol_code_expired`, `shop_invalid`.
pub(super) async fn enrol(
    admin: &Admin,
    _: &Caller,
    request: &EnrolTillRequest,
) -> Result<TillState, Fault> {
    // One at a time: a double click must not use two codes or leave two answers.
    let _only = admin.enrolling.lock().await;
    if admin.context.shop().is_ok() {
        return Err(AppError::AlreadyEnrolled.into());
    }
    let code = request.code.trim();
    if code.is_empty() {
        return Err(AppError::EnrolCodeMissing.into());
    }
    let name = request.till_name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(AppError::TillNameInvalid.into());
    }
    let url = hub_url(&request.hub_url)?;
    let wanted = protocol::EnrolRequest {
        code: code.to_owned(),
        device_name: name.to_owned(),
        platform: admin.installation.platform.clone(),
        app_version: admin.installation.version.clone(),
    };
    let upstream = admin.sync.connect(&url, None)?;
    let answer = upstream.enrol(&wanted).await.map_err(fault_of)?;
    let enrolment = Enrolment {
        device_id: answer.device_id,
        token: answer.token,
        hub_url: url,
        till: answer.till,
        till_name: name.to_owned(),
    };
    let enrolled = EnrolledShop::new(enrolment, answer.shop)?;
    let series = (answer.number_prefix, answer.next_number);
    let context = admin.context.clone();
    admin
        .context
        .blocking(move || {
            context.store().write(|tx| {
                tx.set_setting(ENROLMENT, &enrolled.enrolment)?;
                tx.set_setting(SHOP, &enrolled.shop)?;
                tx.set_numbering(&enrolled.enrolment.till, &series.0, series.1)
            })?;
            context.set_shop(enrolled);
            Ok(())
        })
        .await?;
    admin.sync.start()?;
    let state = admin.state.clone();
    admin.context.blocking(move || state.view()).await
}

/// The address with its scheme and without a trailing slash.
fn hub_url(typed: &str) -> Result<String, Fault> {
    let typed = typed.trim().trim_end_matches('/');
    let invalid = || AppError::HubUrlInvalid {
        url: typed.to_owned(),
    };
    let (scheme, rest) = typed.split_once("://").ok_or_else(invalid)?;
    let host = rest.split('/').next().unwrap_or_default();
    let plain = !host.is_empty() && !rest.chars().any(|c| c.is_whitespace() || c.is_control());
    if plain && (scheme == "http" || scheme == "https") {
        Ok(typed.to_owned())
    } else {
        Err(invalid().into())
    }
}

#[cfg(test)]
mod tests {
    use super::hub_url;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for (typed, kept) in [
            ("http://127.0.0.1:8420", "http://127.0.0.1:8420"),
            (" https://hub.example/ ", "https://hub.example"),
            (
                "https://shop.example/evertill/",
                "https://shop.example/evertill",
            ),
        ] {
            assert_eq!(hub_url(typed).unwrap(), kept);
        }
        for typed in [
            "",
            "hub.example",
            "ftp://hub.example",
            "https://",
            "http:///x",
            "http://a b",
        ] {
            assert_eq!(
                hub_url(typed).unwrap_err().code,
                "hub_url_invalid",
                "{typed}"
            );
        }
    }
}
