#include "player/app/server_transport.hpp"

#include "playlists/client/device_client.hpp"

#include <atomic>

namespace capsule {

namespace {

class ServerTransport final : public Transport {
public:
    ServerTransport(const std::string& server, const SecretKey& key, client::RequestCounter& counter, Random& random, http::Settings http)
        : m_client(server, key, counter, random, with_stop(std::move(http))) {}

    Result<client::RowsReply> send_rows(const std::string& journal, std::string_view ndjson) override {
        return m_client.send_rows(journal, ndjson);
    }
    Result<StateReply> send_state(std::string_view json) override {
        CAPSULE_TRY(utc_ms, m_client.send_state(json));
        return StateReply{utc_ms};
    }
    void cancel() override { m_stop = true; }

private:
    http::Settings with_stop(http::Settings settings) {
        settings.stop = &m_stop;
        return settings;
    }

    std::atomic<bool> m_stop{false};
    client::DeviceClient m_client;
};

} // namespace

std::unique_ptr<Transport> make_server_transport(const std::string& server, const SecretKey& key, client::RequestCounter& counter,
                                                 Random& random, const http::Settings& http) {
    return std::make_unique<ServerTransport>(server, key, counter, random, http);
}

} // namespace capsule
