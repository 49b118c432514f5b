#include "playlists/model/now.hpp"
#include "playlists/model/fields.hpp"
#include "playlists/model/where.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace capsule {

using Json = nlohmann::json;
using model::Fields;
using model::place_of;

namespace {

Result<Message> read_message(const Json& value, const std::string& place) {
    Fields fields(value, place);
    Message message;
    message.id = fields.needed_id<MessageId>("id");
    message.text = fields.texts_by_language("text");
    if (fields.find("capsule"))
        message.capsule = fields.needed_id<CapsuleId>("capsule");
    if (message.text.empty() && !message.capsule)
        fields.complain("text", "is missing: expected at least one text by language, or a capsule");
    message.from = fields.needed_instant("from");
    message.until = fields.needed_instant("until");
    if (message.until <= message.from)
        fields.complain("until", "is not after from");
    const std::string style = fields.text("style", "banner");
    if (style == "full")
        message.style = MessageStyle::full;
    else if (style != "banner")
        fields.complain("style", "\"" + style + "\" is not known: expected banner or full");
    const Json* where = fields.object("where", true); // never everywhere by oversight
    if (fields.complaint())
        return *fields.complaint();
    auto read = model::read_where(*where, fields.place("where"));
    if (!read.ok())
        return read.error();
    message.where = std::move(*read);
    return message;
}

Result<Withdrawal> read_withdrawal(const Json& value, const std::string& place) {
    Fields fields(value, place);
    Withdrawal withdrawal{fields.needed_id<CapsuleId>("capsule"), fields.digest("version")};
    if (fields.complaint())
        return *fields.complaint();
    return withdrawal;
}

} // namespace

Result<NowDocument> parse_now(std::string_view text) {
    CAPSULE_TRY(json, model::parse_document("now.json", text));
    Fields fields(json, "now.json: ");
    fields.check_format();
    NowDocument document;
    document.number = fields.needed_integer("number", 0, INT64_MAX);
    std::set<MessageId> seen;
    if (const Json* messages = fields.array("messages"))
        for (const Json& value : *messages) {
            const std::string place = place_of(fields.place("messages"), document.messages.size());
            auto message = read_message(value, place);
            if (!message.ok())
                return message.error();
            if (!seen.insert(message->id).second)
                return Error{Category::invalid, place + ".id: \"" + message->id.text() + "\" stands twice"};
            document.messages.push_back(std::move(*message));
        }
    if (const Json* withdrawn = fields.array("withdrawn"))
        for (const Json& value : *withdrawn) {
            auto withdrawal = read_withdrawal(value, place_of(fields.place("withdrawn"), document.withdrawn.size()));
            if (!withdrawal.ok())
                return withdrawal.error();
            document.withdrawn.push_back(std::move(*withdrawal));
        }
    if (fields.complaint())
        return *fields.complaint();
    return document;
}

std::string serialise(const NowDocument& document) {
    Json messages = Json::array(), withdrawn = Json::array();
    for (const Message& message : document.messages) {
        messages.push_back(Json{{"id", message.id.text()},
                                {"text", message.text},
                                {"where", to_json(message.where)},
                                {"from", to_rfc3339(message.from)},
                                {"until", to_rfc3339(message.until)},
                                {"style", message.style == MessageStyle::full ? "full" : "banner"}});
        if (message.capsule)
            messages.back()["capsule"] = message.capsule->text();
    }
    for (const Withdrawal& withdrawal : document.withdrawn)
        withdrawn.push_back(Json{{"capsule", withdrawal.capsule.text()},
                                 {"version", withdrawal.version ? Json(withdrawal.version->hex()) : Json()}});
    return model::write_document(Json{{"format", 1},
                                      {"requires", Json::array()},
                                      {"number", document.number},
                                      {"messages", std::move(messages)},
                                      {"withdrawn", std::move(withdrawn)}});
}

} // namespace capsule
