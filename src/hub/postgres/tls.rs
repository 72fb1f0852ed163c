//! The encryption of a connection.

use super::settings::Encryption;
use crate::hub::{HubError, HubErrorKind};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::{path::Path, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Returns what encrypts a connection; `None` if it is not to be encrypted.
///
/// # Errors
/// The certificates of the authorities cannot be read, or there are none.
pub(super) fn connector(encryption: &Encryption) -> Result<Option<MakeRustlsConnect>, HubError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(no_roots)?;
    let config = match encryption {
        Encryption::None => return Ok(None),
        Encryption::Unverified => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Unverified(provider)))
            .with_no_client_auth(),
        Encryption::Verified { roots: None } => builder
            .with_platform_verifier()
            .map_err(no_roots)?
            .with_no_client_auth(),
        Encryption::Verified { roots: Some(file) } => builder
            .with_root_certificates(read_roots(file)?)
            .with_no_client_auth(),
    };
    Ok(Some(MakeRustlsConnect::new(config)))
}

fn no_roots(error: rustls::Error) -> HubError {
    HubError::new(
        HubErrorKind::Failed,
        format!("the certificates that this system trusts cannot be read: {error}"),
    )
    .with_hint(
        "install them (package ca-certificates), or name the file of yours with sslrootcert=FILE",
    )
    .with_source(error)
}

fn read_roots(file: &Path) -> Result<RootCertStore, HubError> {
    let failed = |what: String| {
        HubError::new(
            HubErrorKind::Failed,
            format!("the certificates in {} cannot be read: {what}", file.display()),
        )
        .with_hint("sslrootcert names a file in PEM, with the certificate of the authority that signed the server's")
    };
    let mut roots = RootCertStore::empty();
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|error| failed(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(failed("it has none".into()));
    }
    Ok(roots)
}

/// Believes any certificate, for `sslmode=require`.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
