#include "content/lib/json/strict.hpp"
#include "content/base/encoding.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace capsule::json {

namespace {

using Json = nlohmann::json;

// Builds the value while watching what nlohmann-json itself lets through.
class StrictHandler final : public nlohmann::json_sax<Json> {
public:
    StrictHandler(Json& root, const Limits& limits) : m_builder(root, false), m_limits(limits) {}

    const std::string& complaint() const { return m_complaint; }

    bool null() override { return m_builder.null(); }
    bool boolean(bool value) override { return m_builder.boolean(value); }
    bool number_integer(number_integer_t value) override { return m_builder.number_integer(value); }
    bool number_unsigned(number_unsigned_t value) override { return m_builder.number_unsigned(value); }
    bool number_float(number_float_t value, const string_t& text) override {
        if (!m_limits.floats)
            return complain("the number " + text + " is not an integer");
        return m_builder.number_float(value, text);
    }
    bool string(string_t& value) override { return m_builder.string(value); }
    bool binary(binary_t& value) override { return m_builder.binary(value); }
    bool start_object(std::size_t elements) override {
        m_keys.emplace_back();
        return deeper() && m_builder.start_object(elements);
    }
    bool key(string_t& value) override {
        if (!m_keys.back().insert(value).second)
            return complain("the key \"" + value + "\" stands twice in one object");
        return m_builder.key(value);
    }
    bool end_object() override {
        m_keys.pop_back();
        --m_depth;
        return m_builder.end_object();
    }
    bool start_array(std::size_t elements) override { return deeper() && m_builder.start_array(elements); }
    bool end_array() override {
        --m_depth;
        return m_builder.end_array();
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        return complain("not JSON at byte " + std::to_string(position));
    }

private:
    bool complain(std::string complaint) {
        if (m_complaint.empty())
            m_complaint = std::move(complaint);
        return false;
    }
    bool deeper() { return ++m_depth <= m_limits.depth || complain("nested deeper than " + std::to_string(m_limits.depth)); }

    nlohmann::detail::json_sax_dom_parser<Json> m_builder;
    const Limits& m_limits;
    std::vector<std::set<std::string>> m_keys;
    std::size_t m_depth = 0;
    std::string m_complaint;
};

void escape(std::string& out, const std::string& text) {
    out += '"';
    for (char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

Result<void> write(std::string& out, const Json& value) {
    switch (value.type()) {
    case Json::value_t::object: {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : value.items()) { // std::map: sorted by bytes
            if (!first)
                out += ',';
            first = false;
            escape(out, key);
            out += ':';
            CAPSULE_CHECK(write(out, member));
        }
        out += '}';
        return {};
    }
    case Json::value_t::array: {
        out += '[';
        bool first = true;
        for (const auto& member : value) {
            if (!first)
                out += ',';
            first = false;
            CAPSULE_CHECK(write(out, member));
        }
        out += ']';
        return {};
    }
    case Json::value_t::string:
        escape(out, value.get_ref<const std::string&>());
        return {};
    case Json::value_t::number_float:
    case Json::value_t::binary:
    case Json::value_t::discarded:
        return Error{Category::bug, "canonical JSON has no such value"};
    default:
        out += value.dump();
        return {};
    }
}

} // namespace

Result<Json> parse_strict(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes)
        return Error{Category::invalid, "larger than " + std::to_string(limits.bytes) + " bytes"};
    if (!is_utf8(text))
        return Error{Category::invalid, "not UTF-8"};
    Json root;
    StrictHandler handler(root, limits);
    if (!Json::sax_parse(text, &handler))
        return Error{Category::invalid, handler.complaint().empty() ? "not JSON" : handler.complaint()};
    return root;
}

Result<std::string> canonical(const Json& value) {
    std::string out;
    CAPSULE_CHECK(write(out, value));
    return out;
}

} // namespace capsule::json
