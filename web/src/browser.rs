//! What the browser keeps and hands out: the document between visits, files, the clipboard, the address.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Storage, Url};

/// What is kept between visits.
#[derive(Debug, Clone, Copy)]
pub enum Kept {
    /// The document shown.
    Document,
    /// Its name, if it has one.
    Name,
    /// `light`, `dark`; nothing for the system's.
    Theme,
    /// `off` when single keys do nothing.
    Keys,
}

impl Kept {
    fn key(self) -> &'static str {
        match self {
            Kept::Document => "lift.document",
            Kept::Name => "lift.name",
            Kept::Theme => "lift.theme",
            Kept::Keys => "lift.keys",
        }
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept, if anything, and if this browser keeps things.
pub fn kept(what: Kept) -> Option<String> {
    storage()?.get_item(what.key()).ok()?
}

/// Keeps it; `false` when this browser will not (private windows, a full store).
pub fn keep(what: Kept, value: Option<&str>) -> bool {
    let Some(storage) = storage() else { return false };
    match value {
        Some(value) => storage.set_item(what.key(), value).is_ok(),
        None => storage.remove_item(what.key()).is_ok(),
    }
}

/// Before the names of kept documents.
const DOCUMENTS: &str = "lift.documents/";

/// The names of the kept documents, in order.
pub fn documents() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?);
    let mut names: Vec<String> =
        keys.filter_map(|key| Some(key.strip_prefix(DOCUMENTS)?.to_owned())).collect();
    names.sort();
    names
}

/// The kept document of that name.
pub fn document(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{DOCUMENTS}{name}")).ok()?
}

/// Keeps a document under a name, or no longer; `false` when this browser will not.
pub fn keep_document(name: &str, text: Option<&str>) -> bool {
    let (Some(storage), key) = (storage(), format!("{DOCUMENTS}{name}")) else { return false };
    match text {
        Some(text) => storage.set_item(&key, text).is_ok(),
        None => storage.remove_item(&key).is_ok(),
    }
}

/// Hands `text` to the reader as a file.
pub fn download(name: &str, text: &str) -> Option<()> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let blob =
        Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&JsValue::from_str(text)), &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = page()?.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address).ok()
}

/// Puts `text` on the clipboard; `false` when the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Missing where the page does not come over a safe connection.
    if js_sys::Reflect::get(&window.navigator(), &"clipboard".into()).map_or(true, |it| it.is_undefined()) {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// Calls `hear` whenever the part of the address behind `#` changes, as when a link is pasted over it.
pub fn on_address(hear: impl Fn() + 'static) {
    let hear = Closure::<dyn Fn()>::new(hear);
    if let Some(window) = web_sys::window() {
        window.set_onhashchange(Some(hear.into_js_value().unchecked_ref()));
    }
}

/// Calls `hear` whenever somebody comes back to the page, or the machine to the network.
pub fn on_return(hear: impl Fn() + 'static) {
    let hear = Closure::<dyn Fn()>::new(hear).into_js_value();
    if let Some(window) = web_sys::window() {
        window.set_onfocus(Some(hear.unchecked_ref()));
        window.set_ononline(Some(hear.unchecked_ref()));
    }
}

/// The letters behind `#doc=` in the address.
pub fn packed_in_address() -> Option<String> {
    let hash = web_sys::window()?.location().hash().ok()?;
    hash.strip_prefix("#doc=").map(str::to_owned)
}

/// The address of this page with a document in it.
pub fn address_with(letters: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    Some(format!("{}{}#doc={letters}", location.origin().ok()?, location.pathname().ok()?))
}

/// Takes the document out of the address, so that a reload shows what was edited since.
pub fn clear_address() -> Option<()> {
    let window = web_sys::window()?;
    let path = window.location().pathname().ok()?;
    window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&path)).ok()
}

/// Sets how the page looks: `light`, `dark`, or as the system says.
pub fn set_theme(theme: Option<&str>) -> Option<()> {
    let root = page()?.document_element()?;
    match theme {
        Some(theme) => root.set_attribute("data-theme", theme).ok(),
        None => root.remove_attribute("data-theme").ok(),
    }
}

/// Takes the element of that id off the page.
pub fn remove(id: &str) {
    if let Some(element) = page().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Starts what keeps the page usable when the server is away, and tells it where the page's files are. Browsers that
/// have no such thing, and pages that do not come over a safe connection, do without.
pub fn keep_offline() {
    let Some(window) = web_sys::window() else { return };
    let navigator = window.navigator();
    if js_sys::Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|it| !it.is_undefined()) {
        let files = page().and_then(|document| document.base_uri().ok().flatten());
        let folder = files.and_then(|base| Url::new_with_base(".", &base).ok()).map(|url| url.pathname());
        let script = format!("/offline.js?at={}", folder.unwrap_or_else(|| "/".to_owned()));
        // It answers later; when it fails the page works as before.
        let registered = navigator.service_worker().register(&script);
        wasm_bindgen_futures::spawn_local(async move {
            let _ = JsFuture::from(registered).await;
        });
    }
}

/// Whether the system asks for dark pages.
pub fn prefers_dark() -> bool {
    let query = web_sys::window()
        .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Moves the focus to the element of that id.
pub fn focus(id: &str) -> Option<()> {
    let element: web_sys::HtmlElement = page()?.get_element_by_id(id)?.dyn_into().ok()?;
    element.focus().ok()
}

/// Whether typing now goes into a text: single keys must then do nothing else.
pub fn typing() -> bool {
    let active = page().and_then(|document| document.active_element());
    active.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("[contenteditable=true]").is_ok_and(|found| found.is_some())
    })
}

fn page() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Moves the focus to the first element a selector finds.
pub fn focus_first(selector: &str) -> Option<()> {
    let element: web_sys::HtmlElement = page()?.query_selector(selector).ok()??.dyn_into().ok()?;
    element.focus().ok()
}

/// Opens a dialog that is on the page.
pub fn show_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        // It only fails when it is open already.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog that is on the page.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

fn dialog(id: &str) -> Option<web_sys::HtmlDialogElement> {
    page()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The panel the focus is in: the first class of its section that is not `panel`.
pub fn panel_with_focus() -> Option<String> {
    let section = page()?.active_element()?.closest("main > section").ok()??;
    section.class_name().split_whitespace().find(|name| *name != "panel").map(str::to_owned)
}
