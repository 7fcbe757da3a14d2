//! The codes a window has to know.

use std::collections::BTreeMap;

use evertill_core::{Coded, FaultCode};

/// The errors that reach a command, those of the crates below included.
const REACHING: &[&[FaultCode]] = &[
    crate::AppError::CODES,
    evertill_core::BarcodeError::CODES,
    evertill_core::CartError::CODES,
    evertill_core::CheckoutError::CODES,
    evertill_core::JournalFault::CODES,
    evertill_core::MoneyError::CODES,
    evertill_core::NumberError::CODES,
    evertill_core::PercentError::CODES,
    evertill_core::QuantityError::CODES,
    evertill_core::TenderError::CODES,
    evertill_device::AddressError::CODES,
    evertill_device::KeyringError::CODES,
    evertill_device::PrintError::CODES,
    evertill_receipt::EncodeError::CODES,
    evertill_store::StoreError::CODES,
    evertill_store::VerifyError::CODES,
    evertill_sync::HubUrlError::CODES,
    evertill_sync::UpstreamError::CODES,
];

/// Codes a command can be refused with, or a receipt can wait with, each with the names of its
/// parameters. The window translates by them; a code that is not here falls back to its sentence.
///
/// Where two errors share a code, only parameters that both give are named.
#[must_use]
pub fn fault_codes() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut codes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for FaultCode { code, params } in REACHING.iter().copied().flatten() {
        codes
            .entry(*code)
            .and_modify(|known| known.retain(|name| params.contains(name)))
            .or_insert_with(|| params.to_vec());
    }
    codes
}
