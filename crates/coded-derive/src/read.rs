//! What an error's declaration says.

use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Fields, Ident, Lit, LitStr, Member};

/// One way to refuse: a variant, or the struct.
pub(crate) struct Refusal {
    /// Its name, if it is a variant.
    pub(crate) variant: Option<Ident>,
    pub(crate) speaks: Speaks,
}

/// Whose words a refusal uses.
pub(crate) enum Speaks {
    /// Those of the error in this field.
    ForSource(Member),
    /// Its own.
    ForItself(Box<Words>),
}

/// A code and where the parameters come from.
pub(crate) struct Words {
    pub(crate) code: Expr,
    /// The field with a code that somebody else gave.
    pub(crate) given_code: Option<Member>,
    /// The field with parameters that somebody else gave.
    pub(crate) given_params: Option<Member>,
    pub(crate) params: Vec<Param>,
}

/// A field that is a parameter.
pub(crate) struct Param {
    pub(crate) field: Member,
    pub(crate) name: String,
    /// Makes its text; the type's own way if none.
    pub(crate) with: Option<Expr>,
}

/// Every way in which the type can refuse.
///
/// # Errors
/// What is missing in the declaration, at its place.
pub(crate) fn refusals(input: &DeriveInput) -> Result<Vec<Refusal>, Error> {
    match &input.data {
        Data::Enum(data) if data.variants.is_empty() => Err(Error::new_spanned(
            &input.ident,
            "an error without variants has no code",
        )),
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                refusal(
                    Some(&variant.ident),
                    &variant.attrs,
                    &variant.fields,
                    variant,
                )
            })
            .collect(),
        Data::Struct(data) => {
            refusal(None, &input.attrs, &data.fields, &input.ident).map(|refusal| vec![refusal])
        }
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "a union is no error")),
    }
}

fn refusal(
    variant: Option<&Ident>,
    attrs: &[Attribute],
    fields: &Fields,
    place: &impl quote::ToTokens,
) -> Result<Refusal, Error> {
    let code = attrs.iter().find(|attr| attr.path().is_ident("coded"));
    let speaks = match (code, is_transparent(attrs)) {
        (None, true) => Speaks::ForSource(source(fields, place)?),
        (Some(attr), _) => Speaks::ForItself(Box::new(words(code_of(attr)?, fields)?)),
        (None, false) => {
            let message = "which code? Write #[coded(\"a_code\")] below its #[error(…)]";
            return Err(Error::new_spanned(place, message));
        }
    };
    Ok(Refusal {
        variant: variant.cloned(),
        speaks,
    })
}

/// `#[error(transparent)]` is thiserror's word for it.
fn is_transparent(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("error")
            && attr
                .parse_args::<Ident>()
                .is_ok_and(|word| word == "transparent")
    })
}

fn source(fields: &Fields, place: &impl quote::ToTokens) -> Result<Member, Error> {
    let mut members = fields.members();
    match (members.next(), members.next()) {
        (Some(source), None) => Ok(source),
        _ => Err(Error::new_spanned(
            place,
            "a transparent error has one field, its source",
        )),
    }
}

fn code_of(attr: &Attribute) -> Result<Expr, Error> {
    let code: Expr = attr.parse_args()?;
    if let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &code
        && !is_snake_case(&text.value())
    {
        return Err(Error::new_spanned(text, "a code is written in snake_case"));
    }
    Ok(code)
}

fn is_snake_case(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain)
}

fn words(code: Expr, fields: &Fields) -> Result<Words, Error> {
    let mut words = Words {
        code,
        given_code: None,
        given_params: None,
        params: Vec::new(),
    };
    for (field, member) in fields.iter().zip(fields.members()) {
        let mut skip = false;
        let mut name: Option<LitStr> = None;
        let mut with = None;
        for attr in field.attrs.iter().filter(|a| a.path().is_ident("coded")) {
            attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("skip") {
                    skip = true;
                } else if meta.path.is_ident("code") {
                    words.given_code = Some(member.clone());
                    skip = true;
                } else if meta.path.is_ident("params") {
                    words.given_params = Some(member.clone());
                    skip = true;
                } else if meta.path.is_ident("name") {
                    name = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("with") {
                    with = Some(meta.value()?.parse()?);
                } else {
                    return Err(meta.error("skip, name, with, code or params"));
                }
                Ok(())
            })?;
        }
        if skip {
            continue;
        }
        let name = match (&name, &field.ident) {
            (Some(name), _) => name.value(),
            (None, Some(ident)) => ident.to_string(),
            (None, None) => {
                let message = "which parameter? Write #[coded(name = \"…\")] or #[coded(skip)]";
                return Err(Error::new_spanned(field, message));
            }
        };
        words.params.push(Param {
            field: member,
            name,
            with,
        });
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn complaint(declaration: &str) -> String {
        match refusals(&syn::parse_str(declaration).unwrap()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_declaration_that_says_too_little_is_refused() {
        let cases = [
            ("enum E {}", "without variants"),
            (r#"enum E { #[error("No.")] A }"#, "which code?"),
            (r#"#[error("No.")] struct E { a: u8 }"#, "which code?"),
            (r#"enum E { #[coded("Not snake")] A }"#, "snake_case"),
            (r#"enum E { #[coded("a")] A(String) }"#, "which parameter?"),
            (
                r#"#[coded("a")] struct E { #[coded(hide)] b: u8 }"#,
                "skip, name",
            ),
            ("enum E { #[error(transparent)] A }", "one field"),
        ];
        for (declaration, expected) in cases {
            let said = complaint(declaration);
            assert!(said.contains(expected), "{declaration}: {said:?}");
        }
    }

    #[test]
    fn a_field_is_a_parameter_unless_told_otherwise() {
        let input: DeriveInput = parse_quote! {
            enum E {
                #[error("No {a} {b}.")]
                #[coded("no")]
                A { a: u8, #[coded(skip)] b: u8, #[coded(name = "d")] c: u8 },
            }
        };
        let all = refusals(&input).unwrap();
        let Some(Speaks::ForItself(words)) = all.first().map(|refusal| &refusal.speaks) else {
            panic!("it has its own words");
        };
        let names: Vec<&str> = words
            .params
            .iter()
            .map(|param| param.name.as_str())
            .collect();
        assert_eq!(names, ["a", "d"]);
    }
}
