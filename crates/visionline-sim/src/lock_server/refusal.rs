//! Refusals of the Web API and their error object (`spec/visionline.md` 1.6).
//!
//! Only 40401 is the vendor's own; the other detailed codes are ours, and drivers must decide by status.

use serde_json::{Value, json};

use crate::result_code::ResultCode;

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0}")]
    Body(String),
    #[error("{0}")]
    Time(String),
    #[error("Content-MD5 is missing or is not the MD5 of the body")]
    Md5,
    #[error("{0}")]
    CardFormat(String),
    #[error("unknown operator or wrong password")]
    Operator,
    #[error("Authorization is missing or is not \"AWS <session id>:<signature>\"")]
    Authorization,
    #[error("the signature does not match the request")]
    Signature,
    #[error("the session is unknown or has expired")]
    Session,
    #[error("the Date of the request is missing, unreadable or too far from the server's clock")]
    Skew,
    #[error("the operator may not do this")]
    NoRights,
    #[error("the option for this is not installed: {0}")]
    Option(&'static str),
    #[error("the resource does not exist")]
    NotFound(String),
    #[error("the resource does not allow this method or change")]
    NotAllowed,
    #[error("guest door {0} has a valid card; give override, autoJoin or joiners")]
    DoorTaken(String),
    #[error("cannot join: {0}")]
    NotJoinable(String),
    #[error("endpoint {0} is not active")]
    EndpointNotActive(String),
    #[error("encoder {encoder}: result code {}: {}", code.0, code.meaning())]
    Encoder { encoder: String, code: ResultCode },
    #[error("Credential Services cannot be reached")]
    CredentialServices,
    #[error("too many sessions are open")]
    Sessions,
    #[error("too many requests; wait {after_seconds} s")]
    Rate { status: u16, after_seconds: i64 },
}

impl Refusal {
    fn code(&self) -> u32 {
        match self {
            Self::Body(_) => 40001,
            Self::Time(_) => 40002,
            Self::Md5 => 40003,
            Self::CardFormat(_) => 40004,
            Self::Operator => 40101,
            Self::Authorization => 40102,
            Self::Signature => 40103,
            Self::Session => 40104,
            Self::Skew => 40105,
            Self::NoRights => 40301,
            Self::Option(_) => 40302,
            Self::NotFound(_) => 40401,
            Self::NotAllowed => 40501,
            Self::DoorTaken(_) => 40901,
            Self::NotJoinable(_) => 40902,
            Self::EndpointNotActive(_) => 40903,
            Self::Encoder { code, .. } => code.detailed(),
            Self::CredentialServices => 50302,
            Self::Sessions => 50303,
            Self::Rate { status: 429, .. } => 42901,
            Self::Rate { .. } => 50304,
        }
    }

    pub(crate) fn status(&self) -> u16 {
        (self.code() / 100) as u16
    }

    /// Seconds after which it is worth asking again, for the header Retry-After.
    pub(crate) fn retry_after_seconds(&self) -> Option<i64> {
        match self {
            Self::Rate { after_seconds, .. } => Some(*after_seconds),
            _ => None,
        }
    }

    pub(crate) fn object(&self) -> Value {
        let resource = match self {
            Self::NotFound(resource) | Self::DoorTaken(resource) | Self::EndpointNotActive(resource) => Some(resource),
            _ => None,
        };
        let mut object = json!({
            "status": self.status(),
            "code": self.code(),
            "resource": resource,
            "message": self.to_string(),
            "developerMessage": self.to_string(),
        });
        if let Self::Encoder { code, .. } = self {
            object["resultCode"] = code.0.into();
        }
        object
    }
}
