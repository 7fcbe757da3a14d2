//! Between the window and the till: one command in, one stream of events out, no logic.

use evertill_app::{Fault, PrinterAddress, PrinterChoice, Till, TillConfig};
use serde_json::Value;
use tauri::async_runtime::{block_on, spawn};
use tauri::{AppHandle, Emitter, Manager, RunEvent, State, WebviewWindowBuilder};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::options::Options;

/// The channel on which the window hears the till's events.
const CHANNEL: &str = "till";

/// The till, or why it did not open; nothing while it is opening. The window comes up meanwhile, so
/// that neither waits for the other.
type Opening = watch::Receiver<Option<Result<Till, Fault>>>;

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When the operating system gives no window.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("EVERTILL_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let printer = options
        .printer
        .as_deref()
        .map(str::parse::<PrinterAddress>)
        .transpose()?;
    let (dir, hub) = (options.dir.clone(), options.hub.clone());
    let (opened, opening) = watch::channel(None);
    tauri::Builder::default()
        .manage::<Opening>(opening)
        .setup(move |app| {
            let dir = match dir {
                Some(dir) => dir,
                None => app.path().app_local_data_dir()?,
            };
            let mut config = TillConfig::new(dir);
            config.hub_url = hub;
            if let Some(address) = printer {
                config.printer = PrinterChoice::Address(address);
            }
            spawn(open(app.handle().clone(), config, opened));
            for window in &app.config().app.windows {
                WebviewWindowBuilder::from_config(app, window)?.build()?;
            }
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![call])
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                close(app);
            }
        });
    Ok(())
}

/// Carries out a command of the till. Which there are, and who may give them, the till knows.
#[tauri::command]
async fn call(opening: State<'_, Opening>, name: String, request: Value) -> Result<Value, Fault> {
    let mut opening = opening.inner().clone();
    let till = match opening.wait_for(Option::is_some).await.as_deref() {
        Ok(Some(Ok(till))) => till.clone(),
        Ok(Some(Err(fault))) => return Err(fault.clone()),
        Ok(None) | Err(_) => return Err(closing()),
    };
    till.dispatch(&name, request).await
}

/// Opens the till, says so, and passes on what it tells until it ends.
async fn open(
    app: AppHandle,
    config: TillConfig,
    opened: watch::Sender<Option<Result<Till, Fault>>>,
) {
    let till = Till::start(config).await;
    if let Err(fault) = &till {
        tracing::error!(code = %fault.code, "the till did not open");
    }
    let events = till.as_ref().ok().map(Till::events);
    opened.send_replace(Some(till));
    let Some(mut events) = events else { return };
    loop {
        match events.recv().await {
            Ok(event) => {
                if let Err(why) = app.emit(CHANNEL, &event) {
                    tracing::warn!(%why, "the window did not hear an event");
                }
            }
            // The window asks for the whole state when it missed something; the next event tells it.
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "events came too fast"),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Lets the till finish what it is writing before the process ends.
fn close(app: &AppHandle) {
    let till = app.state::<Opening>().borrow().clone();
    if let Some(Ok(till)) = till {
        block_on(till.shutdown());
    }
}

fn closing() -> Fault {
    Fault {
        code: "till_closing".into(),
        params: std::collections::BTreeMap::new(),
        message: "The till is closing.".into(),
    }
}
