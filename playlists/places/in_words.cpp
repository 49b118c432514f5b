#include "playlists/places/in_words.hpp"

#include <array>
#include <cmath>
#include <string_view>

namespace capsule::in_words {

namespace {

const std::string nbsp = "\u00a0"; // no-break space

constexpr std::array<std::string_view, 7> weekdays{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
constexpr std::array<std::string_view, 12> months{"janvier", "février", "mars",      "avril",   "mai",      "juin",
                                                  "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};

std::string weekday(LocalDay day) { return std::string(weekdays[std::chrono::weekday{day}.iso_encoding() - 1]); }

std::string day_and_month(LocalDay day) {
    const std::chrono::year_month_day date{day};
    const unsigned number = static_cast<unsigned>(date.day());
    return (number == 1 ? "1er" : std::to_string(number)) + nbsp + std::string(months[static_cast<unsigned>(date.month()) - 1]);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

std::string distance(double metres) {
    if (metres < 50)
        return "moins de 50" + nbsp + "m";
    const long tens = std::lround(metres / 10) * 10;
    if (tens < 1000)
        return std::to_string(tens) + nbsp + "m";
    const long tenths = std::lround(metres / 100);
    if (tenths >= 100)
        return std::to_string(std::lround(metres / 1000)) + nbsp + "km";
    return std::to_string(tenths / 10) + (tenths % 10 ? "," + std::to_string(tenths % 10) : "") + nbsp + "km";
}

std::string clock_time(int minutes) {
    const int left = minutes % 60;
    if (minutes % (24 * 60) == 0)
        return "minuit";
    return std::to_string(minutes / 60) + nbsp + "h" + (left ? nbsp + (left < 10 ? "0" : "") + std::to_string(left) : "");
}

std::string opening(const OpenToday& open, LocalDay today) {
    const std::string to = "jusqu’à " + clock_time(open.until) + (open.until_tomorrow ? " demain" : "");
    switch (open.state) {
    case OpenToday::State::unknown:
        return {};
    case OpenToday::State::always:
        return "Ouvert jour et nuit";
    case OpenToday::State::open:
        return "Ouvert " + to;
    case OpenToday::State::later:
        return "Ouvre à " + clock_time(open.from) + ", " + to;
    case OpenToday::State::closed:
        break;
    }
    if (!open.day)
        return "Fermé";
    const std::string when = (*open.day - today).count() == 1 ? "demain" : weekday(*open.day);
    return "Fermé, ouvre " + when + " à " + clock_time(open.from);
}

std::string day_hours(const std::vector<MinuteRange>& ranges) {
    if (ranges.empty())
        return "fermé";
    if (ranges.front() == MinuteRange{0, 24 * 60})
        return "ouvert jour et nuit";
    std::string text;
    for (std::size_t i = 0; i < ranges.size(); ++i)
        text += (i == 0 ? "" : i + 1 == ranges.size() ? " et " : ", ") + clock_time(ranges[i].from) + nbsp + "–" + nbsp + clock_time(ranges[i].until);
    return text;
}

std::string hours_of(const std::string& text, LocalDay day, const Calendar& calendar) {
    const auto hours = parse_hours(text, calendar.school_holidays.empty() ? SchoolHolidays::unknown : SchoolHolidays::known);
    return text.empty() || !hours ? std::string{} : day_hours(day_ranges(*hours, day, calendar));
}

std::string date(LocalDay day) {
    return day_and_month(day) + nbsp + std::to_string(static_cast<int>(std::chrono::year_month_day{day}.year()));
}

std::string weekday_and_date(LocalDay day) { return weekday(day) + " " + day_and_month(day); }

std::string telephone(const std::string& text) {
    std::string digits;
    for (const char c : text)
        if (is_digit(c) || (c == '+' && digits.empty()))
            digits += c;
        else if (c != ' ' && c != '.' && c != '-')
            return {};
    if (digits.starts_with("+33") && digits.size() == 12)
        digits = "0" + digits.substr(3);
    if (digits.size() < 4 || digits.size() > 16)
        return {};
    if (digits.size() != 10 || digits.front() != '0')
        return digits;
    std::string pairs;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        pairs += (i ? nbsp : "") + digits.substr(i, 2);
    return pairs;
}

std::string address(const ListedPlace& place) {
    std::string text = place.text("adresse");
    if (const std::string& commune = place.text("commune"); !commune.empty())
        text += (text.empty() ? "" : ", ") + commune;
    return text;
}

std::vector<std::string> notes(const ListedPlace& place) {
    std::vector<std::string> notes;
    const bool walk_in = place.has("modalites_acces", "Se présenter"), call = place.has("modalites_acces", "Téléphoner"),
               book = place.has("modalites_acces", "Prendre un RDV en ligne"), write = place.has("modalites_acces", "Contacter par mail"),
               sent = place.has("modalites_acces", "Envoyer un mail avec une fiche de prescription");
    if (walk_in)
        notes.push_back(book ? "Avec ou sans rendez-vous" : "Sans rendez-vous");
    else if (book)
        notes.push_back("Sur rendez-vous");
    else if (call)
        notes.push_back("Téléphoner avant");
    else if (write)
        notes.push_back("Écrire avant");
    else if (sent)
        notes.push_back("Par un professionnel");
    const bool free = place.has("frais_a_charge", "Gratuit"), partly = place.has("frais_a_charge", "Gratuit sous condition"),
               paid = place.has("frais_a_charge", "Payant");
    if (free && !partly && !paid)
        notes.push_back("Gratuit");
    else if (free && paid && !partly)
        notes.push_back("Gratuit ou payant");
    else if (free || partly)
        notes.push_back("Gratuit sous condition");
    else if (paid)
        notes.push_back("Payant");
    if (place.has("dispositif_programmes_nationaux", "Aidants Connect"))
        notes.push_back("Aidants Connect");
    if (place.has("itinerance", "Itinérant") && !place.has("itinerance", "Fixe"))
        notes.push_back("Lieu itinérant");
    return notes;
}

} // namespace capsule::in_words
