//! A Tauri window with nothing in it: the baseline of the window's bench.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> anyhow::Result<()> {
    let nothing = WebviewUrl::External("about:blank".parse()?);
    tauri::Builder::default()
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "till", nothing)
                .inner_size(1280.0, 800.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}
