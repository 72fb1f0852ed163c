//! TLS to a PostgreSQL server.

use super::{
    super::{HubError, HubErrorKind},
    address::Protection,
};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::{path::Path, sync::Arc};
use tokio_postgres_rustls::MakeRustlsConnect;

fn failed(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> HubError {
    HubError::new(HubErrorKind::Failed, what).with_source(error)
}

/// Returns what makes TLS connections that are protected as `protection` says.
pub fn connector(protection: &Protection) -> Result<MakeRustlsConnect, HubError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed("TLS cannot be set up", error))?;
    let config = match protection {
        Protection::Plain | Protection::Unchecked => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
            .with_no_client_auth(),
        Protection::Checked { authorities: None } => builder
            .with_platform_verifier()
            .map_err(|error| failed("the certificates of this system cannot be read", error))?
            .with_no_client_auth(),
        Protection::Checked {
            authorities: Some(file),
        } => builder
            .with_root_certificates(read_authorities(file)?)
            .with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn read_authorities(file: &Path) -> Result<RootCertStore, HubError> {
    let what = format!("no certificate can be read from {}", file.display());
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| failed(&what, error))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| failed(&what, error))?;
        roots
            .add(certificate)
            .map_err(|error| failed(&what, error))?;
    }
    if roots.is_empty() {
        return Err(HubError::new(HubErrorKind::Failed, what)
            .with_hint("it is a file in PEM: BEGIN CERTIFICATE and so on"));
    }
    Ok(roots)
}

/// Accepts whoever answers: only for `sslmode=require`.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
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
