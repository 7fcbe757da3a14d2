//! Looking into a till that is not running.

use anyhow::{Result, ensure};
use evertill_app::Support;
use evertill_app::types::{DocumentFilter, DocumentState, DocumentView, DocumentsRequest};
use evertill_tillctl::Place;

/// `journal verify`
pub(crate) fn verify_journal(place: &Place) -> Result<()> {
    let entries = Support::open(&place.config())?.verify_journal()?;
    println!("{entries} journal entries, each sound");
    Ok(())
}

/// `outbox list`
pub(crate) fn list_outbox(place: &Place, all: bool, limit: u32) -> Result<()> {
    let filter = if all {
        DocumentFilter::All
    } else {
        DocumentFilter::Waiting
    };
    let support = Support::open(&place.config())?;
    let mut documents = Vec::new();
    if !all {
        let filter = DocumentFilter::Attention;
        documents = support
            .documents(&DocumentsRequest { filter, limit })?
            .documents;
    }
    let listed = support.documents(&DocumentsRequest { filter, limit })?;
    documents.extend(listed.documents);
    for document in &documents {
        println!("{}", line(document));
    }
    let counts = listed.counts;
    println!(
        "{} waiting, {} need attention, {} acknowledged",
        counts.waiting, counts.attention, counts.acknowledged
    );
    Ok(())
}

fn line(document: &DocumentView) -> String {
    let tries = format!("{} tries", document.tries);
    let mut line = format!(
        "{:<12}{:<10}{:>14}  {:<18}{:<17}{tries:<12}",
        document.number,
        document.kind,
        document.total.text,
        document.created_text,
        words(document.state)
    );
    if let Some(next) = &document.next_try_text {
        line.push_str(&format!("next {next}  "));
    }
    if let Some(answer) = &document.last_answer {
        line.push_str(answer);
    }
    line.trim_end().to_owned()
}

fn words(state: DocumentState) -> &'static str {
    match state {
        DocumentState::Pending => "pending",
        DocumentState::Sending => "sending",
        DocumentState::Waiting => "waiting",
        DocumentState::Retrying => "retrying",
        DocumentState::NeedsAttention => "needs attention",
        DocumentState::Acknowledged => "acknowledged",
    }
}

/// `doctor`
pub(crate) fn doctor(place: &Place) -> Result<()> {
    let support = Support::open(&place.config())?;
    let about = support.about()?;
    println!(
        "till          {}",
        about.till.as_deref().unwrap_or("not enrolled")
    );
    println!(
        "hub           {}",
        about.hub_url.as_deref().unwrap_or("none")
    );
    println!("items         {}", about.items);
    println!(
        "documents     {} waiting, {} need attention, {} acknowledged",
        about.waiting, about.attention, about.acknowledged
    );
    let mut sound = true;
    match support.verify_journal() {
        Ok(entries) => println!("journal       {entries} entries, each sound"),
        Err(fault) => {
            sound = false;
            println!("journal       {fault}");
        }
    }
    let damage = support.check()?;
    if damage.is_empty() {
        println!("store         every page is sound");
    }
    for line in &damage {
        println!("store         {line}");
    }
    ensure!(sound && damage.is_empty(), "this till needs help");
    Ok(())
}
