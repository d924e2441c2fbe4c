//! lift-core: the pure engine.
