#include "playlists/model/directory.hpp"

#include "content/base/identifier.hpp"
#include "playlists/model/communes.hpp"

namespace capsule {

namespace {

// A value in an address: RFC 3986's unreserved characters as they are.
std::string percent_encode(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

} // namespace

std::string_view directory_template(const std::map<std::string, std::string>& templates, std::string_view theme, std::string_view language) {
    const std::string main(language.substr(0, language.find('-')));
    for (const std::string& one : {main, std::string("fr")})
        for (const std::string& key : {one + "/" + std::string(theme), one})
            if (const auto found = templates.find(key); found != templates.end())
                return found->second;
    return default_directory;
}

std::string fill_template(std::string_view text, const Site& site, std::string_view theme) {
    const Commune* commune = find_commune(site.commune);
    std::string address(text);
    replace_all(address, "{commune}", percent_encode(commune ? suggest_identifier(commune->name) : site.commune));
    replace_all(address, "{insee}", percent_encode(site.commune));
    replace_all(address, "{postcode}",
                percent_encode(!site.postcode.empty() ? std::string_view(site.postcode)
                               : commune              ? commune->postcode
                                                      : std::string_view{}));
    replace_all(address, "{theme}", percent_encode(theme));
    return address;
}

} // namespace capsule
