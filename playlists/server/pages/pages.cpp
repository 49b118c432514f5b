#include "playlists/server/pages/pages.hpp"

#include "playlists/server/http/files.hpp"

#include <algorithm>

namespace capsule::server {

namespace {

constexpr std::uint64_t most_page_bytes = 1u << 20;
constexpr const char* html = "text/html; charset=utf-8";

constexpr std::string_view no_console = R"(<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Capsule</title></head>
<body><main><h1>La console n’est pas installée</h1>
<p>Le serveur fonctionne, mais le dossier de la console web est absent. Indiquez-le au démarrage avec <code>--console</code>.</p>
<p>En attendant, la commande <code>capsule</code> permet de tout faire.</p></main></body></html>
)";

constexpr std::string_view plain_visitors = R"(<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trouver de l’aide près de chez vous</title></head>
<body><main><h1>Trouver de l’aide près de chez vous</h1>
<p>Des personnes peuvent vous aider dans vos démarches en ligne, sur place, souvent gratuitement.</p>
<p><a href="https://soliguide.fr/fr/" rel="noreferrer">Chercher un lieu d’aide sur Soliguide</a></p>
<p>Sans Internet&nbsp;: demandez à l’accueil du lieu où vous êtes.</p>
<h2>Vos données</h2>
<p>Quand vous ouvrez le lien d’un écran, nous comptons une ouverture&nbsp;: le lieu, la vidéo et l’heure. Nous ne gardons rien sur vous.</p>
<h2>Accessibilité&nbsp;: non conforme</h2>
<p>Ce site n’a pas encore été audité&nbsp;: il est donc déclaré non conforme. Cette page peut être lue au clavier et avec un lecteur d’écran.</p>
<h2>Mentions légales</h2>
<p>Éditeur, directeur de la publication, hébergeur et contact&nbsp;: à compléter par l’administrateur du service.</p></main></body></html>
)";

bool is_plain_name(const std::string& name) {
    return !name.empty() && name.front() != '.' && name.size() <= 200 &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                      c == '-';
           });
}

} // namespace

Response Pages::page(const RequestHead& head, const Path& file, std::string_view otherwise) const {
    SystemDisk disk;
    auto text = disk.read(file, most_page_bytes);
    std::string bytes = text ? *text : std::string(otherwise);
    const std::string etag = sha256(bytes).hex().substr(0, 32);
    return bytes_response(head, std::move(bytes), {{}, html, etag, "no-cache"});
}

Response Pages::console(const RequestHead& head, const std::vector<std::string>& below) const {
    if (below.empty() || below.front() != "assets")
        return page(head, m_folder / "index.html", no_console);
    Path file = m_folder;
    for (const std::string& name : below) {
        if (!is_plain_name(name))
            return problem(404, "there is no such file");
        file /= name;
    }
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    const auto changed = failed ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(file, failed);
    if (failed)
        return problem(404, "there is no such file");
    const std::string etag = std::to_string(size) + "-" + std::to_string(changed.time_since_epoch().count());
    return file_response(head, {file, content_type_of(file), etag, "public, max-age=3600"});
}

Response Pages::visitors(const RequestHead& head) const {
    return page(head, m_folder / "visitors.html", plain_visitors);
}

} // namespace capsule::server
