#include "content/base/encoding.hpp"
#include "playlists/server/api/api.hpp"
#include "playlists/server/api/errors.hpp"
#include "playlists/server/uploads/upload_desk.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace capsule::server {

namespace {

constexpr const char* version = "1.0.0";

Response spoken(Response response) {
    response.set("Tus-Resumable", version);
    return response;
}

Response empty_response(int status) {
    Response response;
    response.status = status;
    return spoken(std::move(response));
}

Response refusal(const Error& error) {
    Response response = error_response(error);
    if (error.category == Category::no_space)
        response = problem(507, error.message);
    return spoken(std::move(response));
}

// The answer to a client of another protocol.
std::optional<Response> other_version(const RequestHead& head) {
    if (head.header("tus-resumable") == version)
        return std::nullopt;
    Response response = problem(412, "the header \"Tus-Resumable: 1.0.0\" is expected");
    response.set("Tus-Version", version);
    return spoken(std::move(response));
}

std::optional<std::uint64_t> number(const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// Upload-Metadata: "filename d29ybGQ=,other …"; the name of the file, cut to what people read.
std::string file_name(const std::string& metadata) {
    for (std::size_t at = 0; at < metadata.size();) {
        const std::size_t end = std::min(metadata.find(',', at), metadata.size());
        std::string pair = metadata.substr(at, end - at);
        at = end + 1;
        pair.erase(0, pair.find_first_not_of(' '));
        if (!pair.starts_with("filename "))
            continue;
        std::string name = from_base64(pair.substr(9)).value_or("");
        if (!is_utf8(name) || name.size() > 255)
            return {};
        for (char& c : name)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/')
                c = '_';
        return name;
    }
    return {};
}

Response create(const Services& services, Call& call) {
    if (auto other = other_version(call.request))
        return std::move(*other);
    const auto length = number(call.request.header("upload-length"));
    if (!length)
        return spoken(problem(422, "the header Upload-Length must say how many bytes will come"));
    if (*length > services.uploads.limits().each)
        return spoken(problem(413, "a file may have at most " + std::to_string(services.uploads.limits().each) + " bytes"));
    const auto upload =
        services.uploads.create(call.database, call.person->login, file_name(call.request.header("upload-metadata")), *length);
    if (!upload)
        return refusal(upload.error());
    Response response = empty_response(201);
    response.set("Location", "/api/v1/uploads/" + upload->id);
    response.set("Upload-Expires", to_http_date(upload->expires));
    return response;
}

// HEAD is what tus asks for; GET says the same in JSON.
Response state(const Services& services, Call& call) {
    const auto upload = services.uploads.get(call.database, call.person->login, call.parameters.at("upload"));
    if (!upload)
        return refusal(upload.error());
    Response response = json_response(nlohmann::json{{"id", upload->id},
                                                     {"name", upload->name},
                                                     {"length", upload->length},
                                                     {"offset", upload->offset},
                                                     {"expires", to_rfc3339(upload->expires)}}
                                          .dump());
    response.set("Upload-Offset", std::to_string(upload->offset));
    response.set("Upload-Length", std::to_string(upload->length));
    response.set("Upload-Expires", to_http_date(upload->expires));
    response.set("Cache-Control", "no-store");
    return spoken(std::move(response));
}

Admission open_piece(const Services& services, const RequestHead& head, const PathParameters& parameters, const Person& person,
                     sqlite::Database& database) {
    Admission admission;
    admission.body = Admission::Body::sink;
    if ((admission.refusal = other_version(head)))
        return admission;
    if (head.header("content-type") != "application/offset+octet-stream") {
        admission.refusal = spoken(problem(415, "the header \"Content-Type: application/offset+octet-stream\" is expected"));
        return admission;
    }
    const auto offset = number(head.header("upload-offset"));
    if (!offset) {
        admission.refusal = spoken(problem(422, "the header Upload-Offset must say where the body goes on"));
        return admission;
    }
    std::optional<PieceChecksum> checksum;
    if (const std::string header = head.header("upload-checksum"); !header.empty()) {
        auto parsed = parse_checksum(header);
        if (!parsed) {
            admission.refusal = spoken(problem(400, parsed.error().message));
            return admission;
        }
        checksum = std::move(*parsed);
    }
    const std::string& id = parameters.at("upload");
    const auto upload = services.uploads.get(database, person.login, id);
    auto sink = upload ? services.uploads.continue_at(database, person.login, id, *offset, checksum)
                       : Result<std::unique_ptr<BodySink>>(upload.error());
    if (!sink) {
        admission.refusal = refusal(sink.error());
        return admission;
    }
    admission.most = upload->length - *offset;
    admission.sink = std::move(*sink);
    return admission;
}

Response close_piece(const Services& services, Call& call) {
    if (!call.request.sink)
        return spoken(problem(422, "the body is missing"));
    const auto offset = services.uploads.finish(call.database, *call.request.sink);
    if (!offset)
        return offset.error().category == Category::invalid ? spoken(problem(460, offset.error().message)) : refusal(offset.error());
    Response response = empty_response(204);
    response.set("Upload-Offset", std::to_string(*offset));
    return response;
}

} // namespace

void add_upload_routes(RouteTable& table, const Services& services) {
    const std::string all = "/api/v1/uploads", one = all + "/{upload}";
    table.add({"OPTIONS", all, Admission::Body::none, 0, [&services](Call&) {
                   Response response = empty_response(204);
                   response.set("Tus-Version", version);
                   response.set("Tus-Extension", "creation,termination,checksum,expiration");
                   response.set("Tus-Checksum-Algorithm", "sha1,sha256");
                   response.set("Tus-Max-Size", std::to_string(services.uploads.limits().each));
                   return response;
               }});
    table.add({"POST", all, Admission::Body::none, 0, [&services](Call& call) { return create(services, call); }});
    table.add({"GET", one, Admission::Body::none, 0, [&services](Call& call) { return state(services, call); }});
    Route patch{"PATCH", one, Admission::Body::sink, services.uploads.limits().each,
                [&services](Call& call) { return close_piece(services, call); }};
    patch.open = [&services](const RequestHead& head, const PathParameters& parameters, const Person& person, sqlite::Database& database) {
        return open_piece(services, head, parameters, person, database);
    };
    table.add(std::move(patch));
    table.add({"DELETE", one, Admission::Body::none, 0, [&services](Call& call) {
                   if (auto other = other_version(call.request))
                       return std::move(*other);
                   const auto removed = services.uploads.remove(call.database, call.person->login, call.parameters.at("upload"));
                   return removed ? empty_response(204) : refusal(removed.error());
               }});
}

} // namespace capsule::server
