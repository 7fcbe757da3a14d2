//! The implementation that a declaration stands for.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Member};

use crate::read::{Param, Refusal, Speaks, Words};

/// `impl Coded for` the type.
pub(crate) fn expand(input: &DeriveInput, refusals: &[Refusal]) -> TokenStream {
    let name = &input.ident;
    let (generics, arguments, conditions) = input.generics.split_for_impl();
    let rows = refusals.iter().filter_map(row);
    let codes = refusals.iter().map(code_arm);
    let params = refusals.iter().map(params_arm);
    quote! {
        #[automatically_derived]
        impl #generics ::evertill_core::Coded for #name #arguments #conditions {
            const CODES: &'static [::evertill_core::FaultCode] = &[#(#rows),*];

            fn code(&self) -> &str {
                match self { #(#codes),* }
            }

            fn params(&self) -> ::std::collections::BTreeMap<
                ::std::string::String,
                ::std::string::String,
            > {
                match self { #(#params),* }
            }
        }
    }
}

/// The row of `CODES`; a source has its own.
fn row(refusal: &Refusal) -> Option<TokenStream> {
    let Speaks::ForItself(words) = &refusal.speaks else {
        return None;
    };
    let Words { code, params, .. } = words.as_ref();
    let names = params.iter().map(|param| &param.name);
    Some(quote! {
        ::evertill_core::FaultCode { code: #code, params: &[#(#names),*] }
    })
}

fn code_arm(refusal: &Refusal) -> TokenStream {
    match &refusal.speaks {
        Speaks::ForSource(source) => {
            let pattern = pattern(refusal, [source]);
            quote!(#pattern => ::evertill_core::Coded::code(field_0))
        }
        Speaks::ForItself(words) => {
            let pattern = pattern(refusal, &words.given_code);
            match (&words.given_code, &words.code) {
                (Some(_), _) => quote!(#pattern => field_0.as_str()),
                (None, code) => quote!(#pattern => #code),
            }
        }
    }
}

fn params_arm(refusal: &Refusal) -> TokenStream {
    let words = match &refusal.speaks {
        Speaks::ForSource(source) => {
            let pattern = pattern(refusal, [source]);
            return quote!(#pattern => ::evertill_core::Coded::params(field_0));
        }
        Speaks::ForItself(words) => words,
    };
    let mut bound: Vec<&Member> = words.params.iter().map(|param| &param.field).collect();
    bound.extend(&words.given_params);
    let pattern = pattern(refusal, bound);
    let own = words.params.iter().enumerate().map(|(index, param)| {
        let Param { name, with, .. } = param;
        let field = format_ident!("field_{index}");
        let text = match with {
            Some(with) => quote!(::std::string::String::from((#with)(#field))),
            None => quote!(::evertill_core::Param::param(#field)),
        };
        quote!((::std::string::String::from(#name), #text))
    });
    let own = quote!(::std::collections::BTreeMap::from([#(#own),*]));
    if words.given_params.is_some() {
        let given = format_ident!("field_{}", words.params.len());
        quote! {
            #pattern => {
                let mut params: ::std::collections::BTreeMap<_, _> =
                    ::std::iter::IntoIterator::into_iter(
                        ::std::clone::Clone::clone(#given)
                    ).collect();
                params.extend(#own);
                params
            }
        }
    } else {
        quote!(#pattern => #own)
    }
}

/// A pattern that binds these fields to `field_0`, `field_1` and so on.
fn pattern<'a>(refusal: &Refusal, bound: impl IntoIterator<Item = &'a Member>) -> TokenStream {
    let path = match &refusal.variant {
        Some(variant) => quote!(Self::#variant),
        None => quote!(Self),
    };
    let fields = bound.into_iter().enumerate().map(|(index, member)| {
        let name = format_ident!("field_{index}");
        quote!(#member: #name)
    });
    quote!(#path { #(#fields,)* .. })
}
