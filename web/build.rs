//! Gives the engine's worker room for recursion: the linker's default stack is one mebibyte, and the page's own code
//! does not need more.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo::rustc-link-arg-bin=lift-engine=-zstack-size={}", 8 << 20);
    }
}
