// The members of a row's JSON object, read without building a tree: a screen's rows are flat, and servers read thousands a
// second. Reentrant. Whatever is not flat canonical JSON is read by the general parser, so both accept the same rows.
#pragma once

#include "content/base/result.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace capsule {

struct FieldValue {
    enum class Kind { text, number, null, other }; // other: booleans, objects, arrays, numbers beyond 18 digits
    Kind kind = Kind::other;
    std::string_view text;
    std::int64_t number = 0;
};

// Not "Fields": content/capsule has a class of that name, and two of one name in a program take each other's destructor.
class RowFields {
public:
    RowFields() = default;
    RowFields(RowFields&&) = default; // the views stay good; of a copy they would not
    RowFields& operator=(RowFields&&) = default;

    // The views point into `bytes` or into the object. Invalid when it is no JSON object within the limits of a row.
    static Result<RowFields> read(std::string_view bytes);

    // Null when there is no such member.
    const FieldValue* find(std::string_view name) const;
    // Whether the bytes are the canonical form of the object.
    bool canonical() const { return m_canonical; }

private:
    struct Member {
        std::string_view name;
        FieldValue value;
    };
    bool read_flat(std::string_view bytes);
    Result<void> read_general(std::string_view bytes);

    std::vector<Member> m_members;   // by name
    std::deque<std::string> m_texts; // of which the escapes were taken out
    bool m_canonical = false;
};

} // namespace capsule
