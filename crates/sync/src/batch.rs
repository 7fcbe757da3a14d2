//! Which of the due documents go into the next batch. Pure.

use std::collections::BTreeSet;

use uuid::Uuid;

/// Room for the envelopes' own fields and JSON around the payloads of a full batch.
pub(crate) const MAX_BATCH_BYTES: usize = evertill_protocol::MAX_BODY_BYTES / 2;

/// A document waiting to be sent: its key, and how many bytes it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Idempotency key.
    pub(crate) key: Uuid,
    /// Bytes of its payload.
    pub(crate) bytes: usize,
}

/// Chooses from the due documents, oldest first: up to `limit`, together no larger than
/// `max_bytes`, but always at least one. Documents to `send_alone` never share a batch: they come
/// after all others, one by one.
pub(crate) fn compose(
    due: &[Parcel],
    limit: usize,
    max_bytes: usize,
    send_alone: &BTreeSet<Uuid>,
) -> Vec<Uuid> {
    let mut chosen = Vec::new();
    let mut bytes = 0_usize;
    for parcel in due
        .iter()
        .filter(|parcel| !send_alone.contains(&parcel.key))
    {
        bytes = bytes.saturating_add(parcel.bytes);
        let full = chosen.len() >= limit.max(1) || bytes > max_bytes;
        if full && !chosen.is_empty() {
            break;
        }
        chosen.push(parcel.key);
    }
    if chosen.is_empty() {
        chosen.extend(due.first().map(|parcel| parcel.key));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    fn parcels(sizes: &[usize]) -> Vec<Parcel> {
        let keyed = |(n, bytes): (usize, &usize)| Parcel {
            key: key(n + 1),
            bytes: *bytes,
        };
        sizes.iter().enumerate().map(keyed).collect()
    }

    fn key(n: usize) -> Uuid {
        Uuid::from_u128(n as u128)
    }

    #[test]
    fn batches_are_bounded_and_some_go_last_and_alone() {
        let none = BTreeSet::new();
        let first = BTreeSet::from([key(1)]);
        let all = BTreeSet::from([key(1), key(2)]);
        // (sizes, at most, most bytes, sent alone, chosen)
        type Row<'a> = (&'a [usize], usize, usize, &'a BTreeSet<Uuid>, &'a [usize]);
        let table: [Row<'_>; 7] = [
            (&[], 500, 100, &none, &[]),
            (&[10, 10, 10], 500, 100, &none, &[1, 2, 3]),
            (&[10, 10, 10], 2, 100, &none, &[1, 2]),
            (&[60, 60, 60], 500, 100, &none, &[1]),
            (&[900, 10], 500, 100, &none, &[1]),
            (&[10, 10, 10], 500, 100, &first, &[2, 3]),
            (&[10, 10], 500, 100, &all, &[1]),
        ];
        for (sizes, limit, max_bytes, send_alone, chosen) in table {
            let chosen: Vec<Uuid> = chosen.iter().map(|n| key(*n)).collect();
            assert_eq!(
                compose(&parcels(sizes), limit, max_bytes, send_alone),
                chosen
            );
        }
    }

    proptest! {
        #[test]
        fn every_batch_makes_progress_within_its_bounds(
            sizes in vec(0_usize..200, 1..40),
            limit in 1_usize..20,
            send_alone in btree_set(1_usize..40, 0..40),
        ) {
            let due = parcels(&sizes);
            let send_alone: BTreeSet<Uuid> = send_alone.into_iter().map(key).collect();
            let chosen = compose(&due, limit, 300, &send_alone);
            prop_assert!(!chosen.is_empty() && chosen.len() <= limit);
            let bytes: usize =
                due.iter().filter(|p| chosen.contains(&p.key)).map(|p| p.bytes).sum();
            prop_assert!(chosen.len() == 1 || bytes <= 300);
            let alone = chosen.len() == 1;
            prop_assert!(alone || chosen.iter().all(|key| !send_alone.contains(key)));
            // Fresh documents are never kept waiting by one that is sent alone.
            let fresh = due.iter().any(|p| !send_alone.contains(&p.key));
            prop_assert!(!fresh || chosen.iter().all(|key| !send_alone.contains(key)));
        }
    }
}
