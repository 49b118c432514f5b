#include "playlists/schedule/hours.hpp"

#include <array>

namespace capsule {

namespace {

constexpr std::array<std::string_view, 7> weekday_names{"mo", "tu", "we", "th", "fr", "sa", "su"};
constexpr std::uint8_t whole_week = 0x7F;
constexpr std::size_t longest_text = 4096, most_rules = 200;

class HoursParser {
public:
    HoursParser(std::string_view text, SchoolHolidays school) : m_text(text), m_school(school) {}

    Result<OpeningHours> parse() {
        if (m_text.size() > longest_text)
            return Error{Category::invalid, "opening hours: longer than " + std::to_string(longest_text) + " characters"};
        OpeningHours hours;
        bool adds = false;
        while (true) {
            CAPSULE_TRY(rule, read_rule());
            rule.adds = adds;
            hours.rules.push_back(std::move(rule));
            if (hours.rules.size() > most_rules)
                return wrong("at most " + std::to_string(most_rules) + " rules");
            skip_spaces();
            if (at_end())
                return hours;
            if (peek() == ',') {
                adds = true;
            } else if (peek() == ';') {
                adds = false;
            } else {
                return wrong(hours.rules.back().times.empty() ? "a time, \"off\" or \";\"" : "\",\" or \";\"");
            }
            ++m_at;
            skip_spaces();
            if (at_end() && !adds)
                return hours; // a `;` at the end says nothing
        }
    }

private:
    bool at_end() const { return m_at >= m_text.size(); }
    char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    bool digit(std::size_t ahead = 0) const { return peek(ahead) >= '0' && peek(ahead) <= '9'; }
    void skip_spaces() {
        while (true) {
            if (peek() == ' ' || peek() == '\t')
                ++m_at;
            else if (m_text.substr(m_at).starts_with("\u00A0"))
                m_at += 2;
            else if (m_text.substr(m_at).starts_with("\u202F"))
                m_at += 3;
            else
                return;
        }
    }

    Error wrong(const std::string& expected) const {
        std::size_t character = 1; // people count characters, not bytes
        for (std::size_t i = 0; i < m_at && i < m_text.size(); ++i)
            character += (static_cast<unsigned char>(m_text[i]) & 0xC0) != 0x80;
        const std::string found = at_end() ? "the end" : "\"" + std::string{m_text.substr(m_at, word_length())} + "\"";
        return Error{Category::invalid,
                     "opening hours: at character " + std::to_string(character) + ": expected " + expected + ", found " + found};
    }
    // Up to the next space or separator, for messages; never splits a character.
    std::size_t word_length() const {
        std::size_t length = 1;
        while (m_at + length < m_text.size() && (length < 12 || (m_text[m_at + length] & 0xC0) == 0x80) &&
               std::string_view{" ;,"}.find(m_text[m_at + length]) == std::string_view::npos)
            ++length;
        return length;
    }

    static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
    static bool letter(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c & 0x80); }
    bool word_is(std::string_view word) const {
        for (std::size_t i = 0; i < word.size(); ++i)
            if (lower(peek(i)) != word[i])
                return false;
        return !letter(peek(word.size()));
    }
    bool take(std::string_view word) {
        if (!word_is(word))
            return false;
        m_at += word.size();
        return true;
    }
    std::optional<int> take_weekday() {
        for (std::size_t i = 0; i < weekday_names.size(); ++i)
            if (take(weekday_names[i]))
                return static_cast<int>(i);
        return std::nullopt;
    }

    Result<OpeningRule> read_rule() {
        OpeningRule rule;
        skip_spaces();
        if (m_text.substr(m_at).starts_with("24/7")) {
            m_at += 4;
            rule.weekdays = whole_week;
            take_state(rule);
            return rule;
        }
        const std::size_t before = m_at;
        CAPSULE_CHECK(read_days(rule));
        const bool named_days = m_at != before;
        if (!named_days)
            rule.weekdays = whole_week;
        skip_spaces();
        if (digit())
            CAPSULE_CHECK(read_times(rule));
        const bool stated = take_state(rule);
        if (!named_days && rule.times.empty() && !stated)
            return wrong("a weekday (Mo … Su), PH, a time as 09:00, \"off\" or 24/7");
        return rule;
    }

    bool take_state(OpeningRule& rule) {
        skip_spaces();
        if (take("off") || take("closed"))
            rule.open = false;
        else if (!take("open"))
            return false;
        return true;
    }

    Result<void> read_days(OpeningRule& rule) {
        bool last_was_holiday = false;
        while (true) {
            skip_spaces();
            if (take("ph")) {
                rule.holidays = last_was_holiday = true;
            } else if (m_school == SchoolHolidays::known && take("sh")) {
                rule.school_holidays = last_was_holiday = true;
            } else if (const auto first = take_weekday()) {
                last_was_holiday = false;
                int last = *first;
                const std::uint8_t weekday = static_cast<std::uint8_t>(1U << *first);
                if (peek() == '[') {
                    const bool every = (rule.weekdays & weekday) != 0 && rule.of_month[static_cast<std::size_t>(*first)] == 0;
                    CAPSULE_TRY(which, read_of_month());
                    if (!every) // "Mo,Mo[1]" is every Monday
                        rule.of_month[static_cast<std::size_t>(*first)] |= which;
                } else {
                    rule.of_month[static_cast<std::size_t>(*first)] = 0;
                }
                const bool single = rule.of_month[static_cast<std::size_t>(*first)] != 0;
                skip_spaces();
                if (peek() == '-' && !single) {
                    ++m_at;
                    skip_spaces();
                    const auto until = take_weekday();
                    if (!until)
                        return wrong("a weekday (Mo … Su)");
                    last = *until;
                }
                for (int day = *first;; day = (day + 1) % 7) {
                    rule.weekdays = static_cast<std::uint8_t>(rule.weekdays | (1U << day));
                    if (last != *first)
                        rule.of_month[static_cast<std::size_t>(day)] = 0;
                    if (day == last)
                        break;
                }
            } else {
                return {};
            }
            const std::size_t after = m_at;
            skip_spaces();
            if (peek() == ',') {
                ++m_at;
                skip_spaces();
                if (!weekday_here() && !word_is("ph") && !(m_school == SchoolHolidays::known && word_is("sh")))
                    return wrong("a weekday (Mo … Su) or PH");
            } else if (last_was_holiday && rule.weekdays == 0 && weekday_here()) {
                rule.holidays_only = true; // "PH Mo-Fr"
            } else {
                m_at = after;
                return {};
            }
        }
    }
    // "[1]", "[1,3]", "[1-2]", "[-1]": which of the month.
    Result<std::uint16_t> read_of_month() {
        std::uint16_t which = 0;
        do {
            ++m_at; // the bracket or the comma
            skip_spaces();
            const bool from_end = peek() == '-';
            if (from_end)
                ++m_at;
            if (peek() < '1' || peek() > '5')
                return wrong("a number from 1 to 5");
            const int first = peek() - '0';
            ++m_at;
            int last = first;
            if (peek() == '-' && !from_end) {
                ++m_at;
                if (peek() <= '0' + first || peek() > '5')
                    return wrong("a larger number, at most 5");
                last = peek() - '0';
                ++m_at;
            }
            for (int n = first; n <= last; ++n)
                which = static_cast<std::uint16_t>(which | 1U << (n - 1 + (from_end ? 5 : 0)));
            skip_spaces();
        } while (peek() == ',');
        if (peek() != ']')
            return wrong("\",\" or \"]\"");
        ++m_at;
        return which;
    }
    bool weekday_here() const {
        for (std::string_view name : weekday_names)
            if (word_is(name))
                return true;
        return false;
    }

    Result<void> read_times(OpeningRule& rule) {
        while (true) {
            CAPSULE_TRY(from, read_time(23));
            skip_spaces();
            if (peek() != '-')
                return wrong("\"-\" and an end");
            ++m_at;
            skip_spaces();
            CAPSULE_TRY(until, read_time(48));
            rule.times.push_back({from, until > from ? until : until + 24 * 60});
            const std::size_t after = m_at;
            skip_spaces();
            if (peek() != ',') {
                m_at = after;
                return {};
            }
            ++m_at;
            skip_spaces();
            if (!digit() || m_text.substr(m_at).starts_with("24/7")) { // the comma adds a rule
                m_at = after;
                return {};
            }
        }
    }

    Result<int> read_time(int most_hours) {
        std::size_t digits = 0;
        while (digit(digits))
            ++digits;
        if (digits < 1 || digits > 2 || peek(digits) != ':' || !digit(digits + 1) || !digit(digits + 2) || digit(digits + 3))
            return wrong("a time as 09:00");
        const int hours = digits == 1 ? peek() - '0' : (peek() - '0') * 10 + (peek(1) - '0');
        const int minutes = (peek(digits + 1) - '0') * 10 + (peek(digits + 2) - '0');
        if (minutes > 59 || hours > most_hours || (hours == 48 && minutes > 0))
            return wrong("a time of day");
        m_at += digits + 3;
        return hours * 60 + minutes;
    }

    std::string_view m_text;
    SchoolHolidays m_school;
    std::size_t m_at = 0;
};

} // namespace

Result<OpeningHours> parse_hours(std::string_view text, SchoolHolidays school) { return HoursParser{text, school}.parse(); }

} // namespace capsule
