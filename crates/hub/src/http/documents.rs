//! Documents come in, and can be listed.

use axum::Json;
use axum::extract::State;
use evertill_protocol::{ApiError, BatchResult, DocumentList, Envelope, MAX_BATCH_DOCUMENTS};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::openapi::schema::{AnyOfBuilder, SchemaType};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::auth::Enrolled;
use super::body::{Asked, Posted};
use super::{AppState, Failure};
use crate::repository::DocumentPage;

/// The most documents one page lists.
const MAX_PAGE: u32 = 1000;

/// A batch as it is read here: each document on its own, so that one that is no envelope at all
/// is answered in its place and holds up no other.
#[derive(Deserialize)]
pub(crate) struct RawBatch {
    documents: Vec<Box<RawValue>>,
}

impl PartialSchema for RawBatch {
    fn schema() -> RefOr<Schema> {
        let document = AnyOfBuilder::new()
            .item(Ref::from_schema_name(Envelope::name()))
            .item(ObjectBuilder::new().schema_type(SchemaType::AnyValue))
            .description(Some(
                "An envelope. Whatever is none is answered `rejected` with `envelope_malformed` \
                 in its place.",
            ));
        ObjectBuilder::new()
            .property(
                "documents",
                ArrayBuilder::new()
                    .items(document)
                    .max_items(Some(MAX_BATCH_DOCUMENTS)),
            )
            .required("documents")
            .description(Some("Documents to post, oldest first."))
            .into()
    }
}

impl ToSchema for RawBatch {
    fn name() -> std::borrow::Cow<'static, str> {
        "DocumentBatch".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Envelope::name().into_owned(), Envelope::schema()));
        Envelope::schemas(schemas);
    }
}

/// Post documents, each exactly once.
///
/// Each document is posted in one piece: its row, the sale, lines, taxes and payments, or
/// nothing. The same key with the same hash is answered `duplicate`, for ever; the same key with
/// another hash, or the same till and number under another key, is a `fork` and quarantined.
/// What can never be posted is `rejected` with a code. An answer of 5xx means that nothing of the
/// batch was posted.
#[utoipa::path(
    post,
    path = "/v1/documents",
    tag = "documents",
    request_body = RawBatch,
    security(("device" = [])),
    responses(
        (status = 200, description = "One result a document, in their order.", body = BatchResult),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 401, description = "`device_unknown`", body = ApiError),
        (status = 408, description = "`request_timeout`", body = ApiError),
        (status = 413, description = "`body_too_large`: over 8 MiB or 500 documents",
            body = ApiError),
        (status = 415, description = "`media_type_unsupported`", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 500, description = "`internal`", body = ApiError),
        (status = 507, description = "`storage_full`", body = ApiError),
    )
)]
pub(crate) async fn post(
    State(desk): State<AppState>,
    Enrolled(device): Enrolled,
    Posted(batch): Posted<RawBatch>,
) -> Result<Json<BatchResult>, Failure> {
    if batch.documents.len() > MAX_BATCH_DOCUMENTS {
        return Err(Failure::too_large("documents", MAX_BATCH_DOCUMENTS));
    }
    let now = desk.clock.now();
    let results = desk
        .blocking(move |repository| repository.post(&device, &batch.documents, now))
        .await?;
    Ok(Json(BatchResult { results }))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only this shop day.
    #[param(value_type = Option<String>, format = Date)]
    business_date: Option<Date>,
    /// Only what was posted after this position: the `next` of the page before.
    #[param(minimum = 0)]
    after: Option<u64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// List what the hub has from this till, in the order it was posted.
#[utoipa::path(
    get,
    path = "/v1/documents",
    tag = "documents",
    params(ListQuery),
    security(("device" = [])),
    responses(
        (status = 200, description = "A page of documents.", body = DocumentList),
        (status = 400, description = "`request_malformed`", body = ApiError),
        (status = 401, description = "`device_unknown`", body = ApiError),
        (status = 422, description = "`request_invalid`", body = ApiError),
        (status = 500, description = "`internal`", body = ApiError),
    )
)]
pub(crate) async fn list(
    State(desk): State<AppState>,
    Enrolled(device): Enrolled,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<DocumentList>, Failure> {
    let limit = query.limit.unwrap_or(MAX_PAGE);
    if limit == 0 || limit > MAX_PAGE {
        return Err(Failure::invalid(format!("limit must be 1 to {MAX_PAGE}.")));
    }
    let after = query.after.unwrap_or_default();
    if i64::try_from(after).is_err() {
        return Err(Failure::invalid("after is beyond any position."));
    }
    let page = DocumentPage {
        business_date: query.business_date,
        after,
        limit,
    };
    let list = desk
        .blocking(move |repository| repository.documents(&device, page))
        .await?;
    Ok(Json(list))
}
