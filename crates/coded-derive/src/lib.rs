//! `#[derive(Coded)]`: the code and the parameters of an error, declared beside its sentence.
//!
//! ```ignore
//! #[derive(Debug, thiserror::Error, Coded)]
//! enum CartError {
//!     #[error("The cart is full: {most} lines are the most.")]
//!     #[coded("cart_full")]
//!     Full { most: usize },
//!     #[error(transparent)]
//!     Money(#[from] MoneyError),
//! }
//! ```
//!
//! On a variant, or on a struct:
//! - `#[coded("a_code")]` or `#[coded(A_CONST)]` names the code. Only a variant that is
//!   `#[error(transparent)]` may have none: it speaks with the code and parameters of its source.
//!
//! On a field, which is a parameter of its own name unless told otherwise:
//! - `#[coded(skip)]` leaves it out;
//! - `#[coded(name = "address")]` gives it another name; a field without a name needs one;
//! - `#[coded(with = a_function)]` writes it with a function of `&T`, not with `Param`;
//! - `#[coded(code)]` is a code that somebody else gave: it goes before the variant's own;
//! - `#[coded(params)]` holds somebody else's parameters; those of the variant go before them.

mod expand;
mod read;

use proc_macro::TokenStream;

/// Implements `evertill_core::Coded`; the crate's page has the attributes.
#[proc_macro_derive(Coded, attributes(coded))]
pub fn coded(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    read::refusals(&input)
        .map(|refusals| expand::expand(&input, &refusals))
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
