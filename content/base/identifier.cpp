#include "content/base/identifier.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace capsule {

bool is_identifier(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::string suggest_identifier(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, char>, 28> accents{
        {{"à", 'a'}, {"â", 'a'}, {"ä", 'a'}, {"é", 'e'}, {"è", 'e'}, {"ê", 'e'}, {"ë", 'e'}, {"î", 'i'}, {"ï", 'i'}, {"ô", 'o'},
         {"ö", 'o'}, {"ù", 'u'}, {"û", 'u'}, {"ü", 'u'}, {"ç", 'c'}, {"À", 'a'}, {"Â", 'a'}, {"É", 'e'}, {"È", 'e'}, {"Ê", 'e'},
         {"Ë", 'e'}, {"Î", 'i'}, {"Ï", 'i'}, {"Ô", 'o'}, {"Ù", 'u'}, {"Û", 'u'}, {"Ç", 'c'}, {"ñ", 'n'}}};
    std::string id;
    for (std::size_t i = 0; i < text.size() && id.size() < 64;) {
        char c = text[i];
        std::size_t length = 1;
        for (const auto& [accented, plain] : accents)
            if (text.substr(i).starts_with(accented)) {
                c = plain;
                length = accented.size();
                break;
            }
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            id += c;
        else if (!id.empty() && id.back() != '-')
            id += '-';
        i += length;
    }
    while (!id.empty() && id.back() == '-')
        id.pop_back();
    return id;
}

} // namespace capsule
