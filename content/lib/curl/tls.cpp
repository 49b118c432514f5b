#include "content/lib/curl/tls.hpp"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace capsule::http {

namespace {

int forgive_not_yet_valid(int well, X509_STORE_CTX* check) {
    if (well != 1 && X509_STORE_CTX_get_error(check) == X509_V_ERR_CERT_NOT_YET_VALID) {
        X509_STORE_CTX_set_error(check, X509_V_OK);
        return 1;
    }
    return well;
}

CURLcode on_ssl_context(CURL*, void* context, void* user) {
    const auto& settings = *static_cast<const Settings*>(user);
    auto* ssl = static_cast<SSL_CTX*>(context);
    if (!settings.ca_bundle.empty() && SSL_CTX_load_verify_locations(ssl, settings.ca_bundle.c_str(), nullptr) != 1)
        return CURLE_SSL_CACERT_BADFILE;
    if (settings.certificate_time) {
        const CertificateTime time = settings.certificate_time();
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(ssl), static_cast<time_t>(time.unix_seconds));
        if (!time.known)
            SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, &forgive_not_yet_valid);
    }
    return CURLE_OK;
}

} // namespace

void apply_tls(void* easy, const Settings& settings) {
    if (settings.ca_bundle.empty() && !settings.certificate_time)
        return;
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, const_cast<Settings*>(&settings));
}

} // namespace capsule::http
