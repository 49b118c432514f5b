#include "playlists/server/codes/codes.hpp"

#include "content/base/encoding.hpp"

namespace capsule::server {

namespace {

constexpr std::size_t digits = 3;
constexpr std::uint64_t all_codes = 32 * 32 * 32;

std::string_view name_of(CodeKind kind) {
    return kind == CodeKind::screen ? "screen" : "capsule";
}

} // namespace

std::string_view codes_schema() {
    return "CREATE TABLE codes(kind TEXT NOT NULL, code TEXT NOT NULL, owner TEXT NOT NULL,"
           " PRIMARY KEY(kind, code), UNIQUE(kind, owner)) STRICT;";
}

Result<std::string> code_for(sqlite::Database& database, Random& random, CodeKind kind, std::string_view owner) {
    CAPSULE_TRY(known, database.prepare("SELECT code FROM codes WHERE kind=?1 AND owner=?2"));
    known.bind(1, name_of(kind));
    known.bind(2, owner);
    CAPSULE_TRY(found, known.step());
    if (found)
        return known.text(0);
    CAPSULE_TRY(taken, database.prepare("SELECT 1 FROM codes WHERE kind=?1 AND code=?2"));
    // From a random start upwards, so that an almost full range ends too.
    const std::uint64_t start = random.number();
    for (std::uint64_t step = 0; step < all_codes; ++step) {
        const std::string code = to_crockford((start + step * 12'289) % all_codes, digits); // odd: visits every code once
        taken.reset();
        taken.bind(1, name_of(kind));
        taken.bind(2, std::string_view(code));
        CAPSULE_TRY(is_taken, taken.step());
        if (is_taken)
            continue;
        CAPSULE_TRY(insert, database.prepare("INSERT INTO codes(kind, code, owner) VALUES(?1, ?2, ?3)"));
        insert.bind(1, name_of(kind));
        insert.bind(2, std::string_view(code));
        insert.bind(3, owner);
        CAPSULE_CHECK(insert.run());
        return code;
    }
    return Error{Category::refused, "all 32,768 codes for a " + std::string(name_of(kind)) +
                                        " were given: " + std::string(owner) + " cannot have one"};
}

Result<std::map<std::string, std::string>> owners_by_code(sqlite::Database& database, CodeKind kind) {
    std::map<std::string, std::string> owners;
    CAPSULE_TRY(select, database.prepare("SELECT code, owner FROM codes WHERE kind=?1"));
    select.bind(1, name_of(kind));
    for (;;) {
        CAPSULE_TRY(row, select.step());
        if (!row)
            return owners;
        owners.emplace(select.text(0), select.text(1));
    }
}

} // namespace capsule::server
