#include "player/app/network_sheet.hpp"

#include "player/app/sync_setup.hpp"

#include <algorithm>
#include <string_view>

namespace capsule {

namespace {

struct Place {
    std::string host, port;
    bool encrypted = false;
};

// Of "https://HOST[:PORT]/…".
Place place_of(std::string_view address) {
    Place place;
    place.encrypted = address.starts_with("https://");
    address.remove_prefix(std::min(address.size(), address.find("://") + 3));
    address = address.substr(0, address.find('/'));
    if (const auto at = address.rfind('@'); at != std::string_view::npos)
        address.remove_prefix(at + 1);
    const auto bracket = address.rfind(']');
    const auto colon = address.rfind(':');
    const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    place.host = address.substr(0, has_port ? colon : address.size());
    place.port = has_port ? std::string(address.substr(colon + 1)) : place.encrypted ? "443" : "80";
    return place;
}

std::string line(const std::string& what, const std::string& where, const std::string& why) {
    const auto padded = [](std::string text, std::size_t width) {
        text.resize(std::max(text.size(), width), ' ');
        return text;
    };
    return "  " + padded(what, 12) + " " + padded(where, 32) + " " + why + "\n";
}

} // namespace

std::string network_sheet(const Options& options) {
    const bool proxied = !options.sync.proxy.empty();
    std::string text = "Ce que le pare-feu doit laisser passer pour cet écran\n\nDe l’écran vers l’extérieur\u00a0:\n";
    bool encrypted = false;
    if (proxied) {
        const std::string proxy = is_web_address(options.sync.proxy) ? options.sync.proxy : "http://" + options.sync.proxy;
        Place place = place_of(proxy);
        text += line("TCP " + place.port, place.host, "mandataire (proxy)\u00a0: tout ce qui suit passe par lui");
    }
    for (const SourceOption& source : sources_in_order(options)) {
        if (!is_web_address(source.address))
            continue;
        const Place place = place_of(source.address);
        const bool central = source.address == options.server;
        encrypted = encrypted || place.encrypted;
        text += line("TCP " + place.port, place.host,
                     std::string(central ? "serveur central\u00a0: programme, capsules, envoi des mesures" : "copie\u00a0: programme et capsules") +
                         (place.encrypted ? " (HTTPS)" : " (HTTP)"));
    }
    text += line("UDP/TCP 53", "serveur de noms du site", "noms des machines ci-dessus (inutile si ce sont des adresses IP)");
    text += line("UDP 123", "serveur de temps du site", "heure de l’écran (conseillé)");
    text += "\nDe l’extérieur vers l’écran\u00a0: rien. L’écran n’attend aucune connexion.\n\n";
    text += "Volume\u00a0: environ 1 ko par minute, et chaque nouvelle capsule une fois (de 2 à 60 Mo).\n";
    const auto has_ceiling = [](const SourceOption& source) { return source.bytes_per_second > 0; };
    if (options.sync.bytes_per_second > 0)
        text += "Débit\u00a0: au plus " + std::to_string(options.sync.bytes_per_second * 8 / 1000) + " kbit/s pour les capsules.\n";
    else if (std::none_of(options.sync.sources.begin(), options.sync.sources.end(), has_ceiling))
        text += "Débit\u00a0: sans limite (réglage «\u00a0bandwidth\u00a0»).\n";
    if (!options.sync.hours_text.empty())
        text += "Heures des gros téléchargements\u00a0: " + options.sync.hours_text + " (heure du lieu).\n";
    if (encrypted)
        text += "Si le réseau déchiffre le HTTPS, donnez à l’écran l’autorité de certification du site (réglage «\u00a0ca_bundle\u00a0»).\n";
    if (!options.public_url.empty()) {
        const Place place = place_of(options.public_url);
        text += "Les téléphones des visiteurs ouvrent " + place.host + " (TCP " + place.port + ") par leur propre réseau, pas par celui de l’écran.\n";
    }
    return text;
}

} // namespace capsule
