//! What goes on while the user does something else.

use super::{import::Import, overlay::Overlay, state::Model};

impl Model {
    /// True while an import is being written: leaving would end it, and nothing of it would be there.
    #[must_use]
    pub fn is_importing(&self) -> bool {
        let open = self.overlays.iter().filter_map(|overlay| match overlay {
            Overlay::Import(import) => Some(&**import),
            _ => None,
        });
        open.chain(self.background_import.as_deref())
            .any(Import::is_writing)
    }
}
