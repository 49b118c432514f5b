#include "playlists/server/http/client_tag.hpp"

#include "content/base/digest.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <optional>

namespace capsule::server {

namespace {

// Four bytes, or the first eight of an IPv6 address.
std::string network_of(const in_addr& address) {
    return std::string(reinterpret_cast<const char*>(&address), sizeof address);
}

std::string network_of(const in6_addr& address) {
    const char* bytes = reinterpret_cast<const char*>(&address);
    return IN6_IS_ADDR_V4MAPPED(&address) ? std::string(bytes + 12, 4) : std::string(bytes, 8);
}

std::optional<std::string> network_in(const std::string& text) {
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1)
        return network_of(four);
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) == 1)
        return network_of(six);
    return std::nullopt;
}

bool is_this_machine(const sockaddr& peer, const std::string& network) {
    if (network.size() == 4)
        return network[0] == 127;
    return peer.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr);
}

std::string last_of(const std::string& list) {
    std::string last = list.substr(list.rfind(',') == std::string::npos ? 0 : list.rfind(',') + 1);
    last.erase(0, last.find_first_not_of(' '));
    last.erase(last.find_last_not_of(' ') + 1);
    return last;
}

} // namespace

std::string client_tag(const sockaddr* peer, const std::string& forwarded_for, const std::string& key) {
    std::string network;
    if (peer && peer->sa_family == AF_INET)
        network = network_of(reinterpret_cast<const sockaddr_in*>(peer)->sin_addr);
    else if (peer && peer->sa_family == AF_INET6)
        network = network_of(reinterpret_cast<const sockaddr_in6*>(peer)->sin6_addr);
    else
        return {};
    if (!forwarded_for.empty() && is_this_machine(*peer, network))
        network = network_in(last_of(forwarded_for)).value_or(network);
    return sha256(key + network).hex().substr(0, 16);
}

} // namespace capsule::server
