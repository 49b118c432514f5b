// A value or an error with a category that the caller can decide on. Reentrant.
// Foreign error codes are translated next to the call that returned them, once; the message is one line for people that says
// what, where and what to do.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace capsule {

enum class Category {
    missing,  // it is not there
    invalid,  // it is there but cannot be understood
    refused,  // somebody or some rule said no
    timeout,  // no answer in time; trying again may help
    io,       // disk or network failed
    no_space, // the disk is full
    bug,      // cannot happen
};

const char* to_string(Category);

struct Error {
    Category category = Category::bug;
    std::string message;
};

// The same error, with "context: " in front of its message.
Error in_context(std::string context, Error error);

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return m_state.index() == 0; }
    bool ok() const { return m_state.index() == 0; }

    // Only when ok().
    T& operator*() & { return std::get<0>(m_state); }
    const T& operator*() const& { return std::get<0>(m_state); }
    T&& operator*() && { return std::get<0>(std::move(m_state)); }
    T* operator->() { return &std::get<0>(m_state); }
    const T* operator->() const { return &std::get<0>(m_state); }

    // Only when not ok().
    const Error& error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)), m_ok(false) {}

    explicit operator bool() const { return m_ok; }
    bool ok() const { return m_ok; }
    const Error& error() const { return m_error; }

private:
    Error m_error;
    bool m_ok = true;
};

// CAPSULE_TRY(name, expression): `name` becomes the value, or the function returns the error.
#define CAPSULE_TRY(name, expression)                                                                                            \
    auto name##_or_error = (expression);                                                                                         \
    if (!name##_or_error.ok())                                                                                                   \
        return name##_or_error.error();                                                                                          \
    auto& name = *name##_or_error

// CAPSULE_CHECK(expression): for Result<void>; the function returns the error if there is one.
#define CAPSULE_CHECK(expression)                                                                                                \
    do {                                                                                                                         \
        if (auto check_result = (expression); !check_result.ok())                                                                \
            return check_result.error();                                                                                         \
    } while (false)

} // namespace capsule
