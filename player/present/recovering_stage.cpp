#include "player/present/recovering_stage.hpp"

#include "content/base/log.hpp"

#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds between_tries = 200ms;
constexpr Nanoseconds failing_patience = 1s;

std::string in_seconds(Nanoseconds span) {
    const auto tenths = span / 100ms;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

} // namespace

RecoveringStage::RecoveringStage(Opener opener, OpenedStage first, Size size, const Clock& clock)
    : m_opener(std::move(opener)), m_clock(clock), m_size(size), m_lost_at(clock.monotonic()) {
    if (first.stage)
        take(std::move(first));
    m_changed = false;
}

RecoveringStage::~RecoveringStage() {
    if (m_gone)
        (void)m_open.stage.release();
}

void RecoveringStage::take(OpenedStage opened) {
    m_open = std::move(opened);
    m_size = m_open.stage->size();
    m_changed = m_drawn = true;
    m_shown = false;
    m_said.clear();
    log_info("stage", m_open.stage->description());
}

void RecoveringStage::try_to_open(Nanoseconds now) {
    if (now < m_next_try)
        return;
    auto opened = m_opener();
    m_next_try = m_clock.monotonic() + between_tries;
    if (opened) {
        take(std::move(*opened));
        log_info("stage", "the picture is back after " + in_seconds(m_clock.monotonic() - m_lost_at));
    } else if (opened.error().message != m_said) {
        m_said = opened.error().message;
        log_warning("stage", "waiting for a display: " + m_said);
    }
}

Nanoseconds RecoveringStage::refresh() const {
    if (!m_open.stage)
        return 0ns;
    const auto exact = m_open.watch ? m_open.watch->period(m_open.x, m_open.y) : std::nullopt;
    return exact.value_or(m_open.stage->refresh());
}

std::string RecoveringStage::description() const { return m_open.stage ? m_open.stage->description() : "no display yet"; }

Result<void> RecoveringStage::draw(const VideoFrame& frame, const Overlays& overlays) {
    if (!m_open.stage || m_gone)
        return {};
    auto drawn = m_open.stage->draw(frame, overlays);
    m_drawn = drawn.ok();
    return noted(std::move(drawn));
}

Result<void> RecoveringStage::show() {
    if (!m_open.stage || m_gone)
        return Error{Category::missing, "no display: nobody sees this"};
    m_shown = true;
    auto shown = m_open.stage->show();
    return shown && !m_drawn ? shown : noted(std::move(shown));
}

// A frame that is refused says nothing about the stage: opened anew it would refuse it again. One failure may pass; a second of them is
// the stage's.
Result<void> RecoveringStage::noted(Result<void> done) {
    if (done)
        m_failing_since.reset();
    else if (!m_failing_since && done.error().category != Category::refused)
        m_failing_since = m_clock.monotonic();
    return done;
}

Picture RecoveringStage::grab() { return m_open.stage && !m_gone ? m_open.stage->grab() : Picture(m_size, 0xff000000U); }

StageEvents RecoveringStage::poll() {
    StageEvents events;
    const Nanoseconds now = m_clock.monotonic();
    if (m_open.stage && !m_gone) {
        events = m_open.stage->poll();
        if (m_shown && m_open.make_watch && !events.gone)
            m_open.watch = std::exchange(m_open.make_watch, nullptr)();
        if (m_failing_since && now - *m_failing_since > failing_patience)
            events.lost = true;
        const DisplayNews news = m_open.watch && !events.gone ? m_open.watch->poll(now) : DisplayNews::none;
        if (events.gone || news == DisplayNews::gone) {
            m_gone = true;
            log_warning("stage", "the display server has ended");
        } else if (events.lost || news == DisplayNews::changed) {
            log_info("stage", events.lost ? "the renderer was lost; opening the display again" : "the display has changed; opening it again");
            m_open = {};
            m_failing_since.reset();
            m_lost_at = now;
            m_next_try = now;
        }
    }
    if (m_gone)
        return {false, false, false, true};
    if (!m_open.stage)
        try_to_open(now);
    if (m_open.stage)
        m_size = m_open.stage->size();
    events.lost = false;
    events.changed = events.changed || m_changed;
    m_changed = false;
    return events;
}

} // namespace capsule
