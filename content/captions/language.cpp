#include "content/captions/language.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace capsule {

namespace {

struct Names {
    std::string_view three, two;
};

// ISO 639-2, bibliographic and terminological codes: https://www.loc.gov/standards/iso639-2/
constexpr std::array<Names, 109> languages{{
    {"alb", "sq"}, {"amh", "am"}, {"ara", "ar"}, {"arm", "hy"}, {"aze", "az"}, {"baq", "eu"}, {"bel", "be"}, {"ben", "bn"},
    {"bod", "bo"}, {"bos", "bs"}, {"bre", "br"}, {"bul", "bg"}, {"bur", "my"}, {"cat", "ca"}, {"ces", "cs"}, {"chi", "zh"},
    {"cos", "co"}, {"cym", "cy"}, {"cze", "cs"}, {"dan", "da"}, {"deu", "de"}, {"dut", "nl"}, {"ell", "el"}, {"eng", "en"},
    {"est", "et"}, {"eus", "eu"}, {"fao", "fo"}, {"fas", "fa"}, {"fin", "fi"}, {"fra", "fr"}, {"fre", "fr"}, {"ful", "ff"},
    {"geo", "ka"}, {"ger", "de"}, {"gle", "ga"}, {"gre", "el"}, {"guj", "gu"}, {"hat", "ht"}, {"hau", "ha"}, {"heb", "he"},
    {"hin", "hi"}, {"hrv", "hr"}, {"hun", "hu"}, {"hye", "hy"}, {"ice", "is"}, {"ind", "id"}, {"isl", "is"}, {"ita", "it"},
    {"jpn", "ja"}, {"kat", "ka"}, {"kaz", "kk"}, {"khm", "km"}, {"kor", "ko"}, {"kur", "ku"}, {"lao", "lo"}, {"lav", "lv"},
    {"lin", "ln"}, {"lit", "lt"}, {"ltz", "lb"}, {"mac", "mk"}, {"mal", "ml"}, {"mar", "mr"}, {"may", "ms"}, {"mkd", "mk"},
    {"mlg", "mg"}, {"mlt", "mt"}, {"mon", "mn"}, {"msa", "ms"}, {"mya", "my"}, {"nep", "ne"}, {"nld", "nl"}, {"nno", "nn"},
    {"nob", "nb"}, {"nor", "no"}, {"oci", "oc"}, {"pan", "pa"}, {"per", "fa"}, {"pol", "pl"}, {"por", "pt"}, {"pus", "ps"},
    {"ron", "ro"}, {"rum", "ro"}, {"rus", "ru"}, {"sin", "si"}, {"slk", "sk"}, {"slo", "sk"}, {"slv", "sl"}, {"som", "so"},
    {"spa", "es"}, {"sqi", "sq"}, {"srp", "sr"}, {"swa", "sw"}, {"swe", "sv"}, {"tam", "ta"}, {"tel", "te"}, {"tgl", "tl"},
    {"tha", "th"}, {"tib", "bo"}, {"tir", "ti"}, {"tur", "tr"}, {"uig", "ug"}, {"ukr", "uk"}, {"urd", "ur"}, {"uzb", "uz"},
    {"vie", "vi"}, {"wel", "cy"}, {"wol", "wo"}, {"yor", "yo"}, {"zho", "zh"}}};

std::string_view main_part(std::string_view tag) { return tag.substr(0, tag.find('-')); }

} // namespace

std::string language_tag(std::string_view written) {
    std::string tag;
    for (const char letter : written)
        tag += letter == '_' ? '-' : letter;
    const std::size_t length = main_part(tag).size();
    if (length < 2 || length > 3 || tag.size() > 35)
        return {};
    for (std::size_t i = 0; i < tag.size(); ++i) {
        const auto letter = static_cast<unsigned char>(tag[i]);
        if (letter >= 0x80 || (i < length ? std::isalpha(letter) == 0 : std::isalnum(letter) == 0 && letter != '-'))
            return {};
        if (i < length)
            tag[i] = static_cast<char>(std::tolower(letter));
    }
    const std::string name = tag.substr(0, length);
    if (name == "und" || name == "mis" || name == "zxx" || name == "mul")
        return {};
    const auto found = std::find_if(languages.begin(), languages.end(), [&](const Names& names) { return names.three == name; });
    return (found == languages.end() ? name : std::string(found->two)) + tag.substr(length);
}

bool same_language(std::string_view wanted, std::string_view has) {
    const std::string left = language_tag(wanted), right = language_tag(has);
    return !left.empty() && main_part(left) == main_part(right);
}

} // namespace capsule
