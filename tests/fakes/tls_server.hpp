// A TLS server on the loopback with a certificate of its own making, for dates that no authority would sign. Answers every request
// with "hello". One connection at a time.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <thread>

namespace capsule {

class TlsServer {
public:
    // Valid from one time to the other (Unix seconds).
    TlsServer(time_t not_before, time_t not_after) : m_key(EVP_EC_gen("P-256"), &EVP_PKEY_free), m_certificate(X509_new(), &X509_free) {
        X509* certificate = m_certificate.get();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        ASN1_TIME_set(X509_getm_notBefore(certificate), not_before);
        ASN1_TIME_set(X509_getm_notAfter(certificate), not_after);
        X509_set_pubkey(certificate, m_key.get());
        X509_NAME* name = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("loopback"), -1, -1, 0);
        X509_set_issuer_name(certificate, name);
        if (X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1")) {
            X509_add_ext(certificate, extension, -1);
            X509_EXTENSION_free(extension);
        }
        X509_sign(certificate, m_key.get(), EVP_sha256());
        m_context.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_use_certificate(m_context.get(), certificate);
        SSL_CTX_use_PrivateKey(m_context.get(), m_key.get());

        m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        (void)bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
        (void)listen(m_listener, 8);
        (void)getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~TlsServer() {
        m_stop = true;
        m_thread.join();
        close(m_listener);
    }
    std::string address() const { return "https://127.0.0.1:" + std::to_string(m_port); }
    // The certificate, which is its own authority.
    std::string pem() const {
        const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
        PEM_write_bio_X509(out.get(), m_certificate.get());
        char* data = nullptr;
        const long size = BIO_get_mem_data(out.get(), &data);
        return {data, static_cast<std::size_t>(size)};
    }

private:
    void run() {
        while (!m_stop) {
            pollfd waiting{m_listener, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0)
                continue;
            const int connection = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0)
                continue;
            const timeval patience{2, 0};
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(m_context.get()), &SSL_free);
            SSL_set_fd(ssl.get(), connection);
            if (SSL_accept(ssl.get()) == 1) {
                char request[4096];
                (void)SSL_read(ssl.get(), request, sizeof request);
                constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
                (void)SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
                (void)SSL_shutdown(ssl.get());
            }
            close(connection);
        }
    }

    struct ContextDeleter {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> m_key;
    std::unique_ptr<X509, decltype(&X509_free)> m_certificate;
    std::unique_ptr<SSL_CTX, ContextDeleter> m_context;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace capsule
