#include "player/director/director.hpp"

#include "content/base/log.hpp"

#include <time.h>

#include <algorithm>
#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds slice = 20ms;      // events are looked at this often
constexpr Nanoseconds sound_lead = 250ms;
constexpr Nanoseconds time_to_prepare = 1s;
constexpr Nanoseconds draw_ahead = 50ms; // a frame is drawn so long before it is due, at most

void sleep_until(Nanoseconds monotonic) {
    timespec when{};
    when.tv_sec = monotonic.count() / 1'000'000'000;
    when.tv_nsec = monotonic.count() % 1'000'000'000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr); // a signal may end it early: the callers look at the time
}

} // namespace

Director::Director(Stage& stage, ItemSource& source, const Clock& clock, AudioSink* sink, const DirectorOptions& options)
    : m_stage(stage), m_source(source), m_clock(clock), m_sink(sink), m_options(options) {}

Director::~Director() = default;

void Director::want(Shared& wanted, std::optional<PlacedPicture> picture) {
    if (picture && picture->serial == 0)
        picture->serial = next_picture_serial();
    const std::lock_guard lock(m_banner_mutex);
    wanted = picture ? std::make_shared<const PlacedPicture>(std::move(*picture)) : nullptr;
    m_banner_changed = true;
}

void Director::set_banner(std::optional<PlacedPicture> banner) { want(m_banner_wanted, std::move(banner)); }
void Director::set_strip(std::optional<PlacedPicture> strip) { want(m_strip_wanted, std::move(strip)); }
void Director::set_panel(std::optional<PlacedPicture> panel) { want(m_panel_wanted, std::move(panel)); }

bool Director::over(Nanoseconds now) const {
    if (m_stop || m_dry_end || m_display_gone)
        return true;
    if (!m_options.play_for || !m_first_frame_at || now < *m_first_frame_at + *m_options.play_for)
        return false;
    const bool prolonged = m_options.still_awaited && now < *m_first_frame_at + *m_options.play_for + std::chrono::minutes(2);
    return !(prolonged && m_options.still_awaited());
}

Result<void> Director::run() {
    m_preparer = std::make_unique<Preparer>(m_source, DeckSurroundings{m_clock, m_stage.size(), m_sink != nullptr, m_options.hardware},
                                            m_options.prepare_patience, m_options.dry_wait);
    m_waiting_since = m_clock.monotonic();
    while (!over(m_clock.monotonic()))
        step();
    const Nanoseconds now = m_clock.monotonic();
    if (m_current)
        finish_current(ShowingEnd::stopped, now);
    m_next.reset();
    look_after_things(now);
    m_preparer.reset();
    if (m_display_gone)
        return Error{Category::io, "the display server has ended"};
    return {};
}

void Director::step() {
    look_after_things(m_clock.monotonic());
    handle_interrupt();
    if (m_current)
        step_current();
    else
        step_without_current();
}

bool Director::interrupted() {
    switch (m_source.interruption()) {
    case Interruption::none:
        break;
    case Interruption::prepared:
        drop_prepared();
        break;
    case Interruption::change:
        // Without time to prepare another one, the change comes after what is ready now.
        if (!m_current || m_current_began + m_current->deck->item().duration - m_clock.monotonic() > time_to_prepare)
            drop_prepared();
        break;
    case Interruption::on_screen:
        drop_prepared();
        m_interrupting = true;
        break;
    }
    return m_interrupting;
}

void Director::drop_prepared() {
    m_next.reset();
    m_drawn_ahead = nullptr;
    m_preparer->discard();
}

void Director::handle_interrupt() {
    if (!interrupted())
        return;
    m_preparer->hurry();
    auto ready = m_preparer->take(0ns);
    if (!ready && m_preparer->dry())
        ready = m_preparer->take_fallback();
    if (!ready)
        return; // what is on screen stays until the other is ready
    replace_current(std::move(*ready), ShowingEnd::cut);
}

// At once, not at a slot: drawn first, so that its own time starts when it can be seen.
void Director::replace_current(ReadyItem item, ShowingEnd end_of_current) {
    draw(item, item.deck->first_frame(), 0ns);
    const Nanoseconds now = m_clock.monotonic();
    if (m_current)
        finish_current(end_of_current, now);
    start(std::move(item), now);
    keep_drawn_first_frame();
}

// The picture that was drawn ahead has moved with its deck.
void Director::keep_drawn_first_frame() {
    const DeckAnswer answer = m_current->deck->next(m_clock.monotonic(), 0ns);
    if (const auto* frame = std::get_if<DueFrame>(&answer))
        m_drawn_ahead = frame->frame;
}

void Director::step_without_current() {
    auto ready = m_preparer->take(slice);
    if (!ready && m_preparer->dry()) {
        if (m_options.end_when_dry) {
            m_dry_end = true;
            return;
        }
        ready = m_preparer->take_fallback();
    } else if (!ready && m_clock.monotonic() - m_waiting_since > m_options.gap_patience) {
        m_preparer->hurry();
        if (!m_options.end_when_dry)
            ready = m_preparer->take_fallback();
    } else if (!ready && m_showings > 0) {
        m_preparer->hurry();
    }
    if (ready)
        replace_current(std::move(*ready), ShowingEnd::complete);
}

void Director::start(ReadyItem item, Nanoseconds at) {
    m_current = std::move(item);
    m_interrupting = false; // whatever comes on screen was asked for after the interruption: it yields to no one
    m_waiting_since = m_current_began = at;
    m_current->deck->begin(at, m_stage.refresh(), ++m_showings, m_sink);
    for (PlaybackListener* listener : m_listeners)
        listener->showing_began(m_current->deck->item(), m_current->deck->number());
}

void Director::step_current() {
    const Nanoseconds now = m_clock.monotonic();
    Deck& deck = *m_current->deck;
    if (deck.item().media == MediaKind::fallback) {
        // Whatever can be played is better.
        if (auto ready = m_preparer->take(0ns))
            return replace_current(std::move(*ready), ShowingEnd::complete);
    }
    const DeckAnswer answer = deck.next(now, 5ms);
    if (const auto* frame = std::get_if<DueFrame>(&answer)) {
        if (!put_on_screen(*m_current, *frame->frame, frame->due))
            return;
        const Nanoseconds at = m_clock.monotonic();
        m_waiting_since = at;
        if (!m_first_frame_at)
            m_first_frame_at = at;
        const ShownFrame shown = deck.shown(at, m_seen);
        for (PlaybackListener* listener : m_listeners) {
            if (m_seen)
                listener->frame_shown(deck.item(), shown);
        }
        if (shown.frame == 0)
            m_preparer->go_on(std::exchange(m_over, std::nullopt));
    } else if (const auto* end = std::get_if<OverAt>(&answer)) {
        at_end(end->time);
    } else if (const auto* error = std::get_if<Error>(&answer)) {
        give_up_current(*error, now);
    } else if (now - m_waiting_since > m_options.stall_patience) {
        give_up_current({Category::timeout, deck.item().name + ": no picture for " +
                                                std::to_string(m_options.stall_patience / 1ms) + " ms in the middle; it is given up"},
                        now);
    }
}

// Draws it, waits for its moment, shows it. False when something else came up: ask the deck anew.
bool Director::put_on_screen(ReadyItem& item, const VideoFrame& frame, Nanoseconds due) {
    if (due - m_clock.monotonic() > draw_ahead) {
        wait_until(std::min(due - draw_ahead, m_clock.monotonic() + slice));
        return false;
    }
    if (m_drawn_ahead != &frame)
        draw(item, frame, frame.pts);
    m_drawn_ahead = &frame;
    if (wait_until(due) == Waited::interrupted || m_drawn_ahead != &frame)
        return false;
    m_drawn_ahead = nullptr;
    const auto shown = m_stage.show();
    m_shown_at = m_clock.monotonic();
    m_seen = shown.ok() && m_drawn;
    // Where there is no display at all, the stage has said so.
    if (!shown && shown.error().category != Category::missing && shown.error().message != m_display_trouble) {
        m_display_trouble = shown.error().message;
        log_error("stage", m_display_trouble);
    }
    return true;
}

void Director::at_end(Nanoseconds end) {
    if (!m_next)
        m_next = m_preparer->take(0ns);
    const Nanoseconds now = m_clock.monotonic();
    if (m_next) {
        const VideoFrame& first = m_next->deck->first_frame();
        if (end - now > draw_ahead) {
            wait_until(std::min(end - draw_ahead, now + slice));
            return;
        }
        // The first frame is drawn while the last one is still on screen; the rest is a matter of microseconds.
        if (m_drawn_ahead != &first)
            draw(*m_next, first, 0ns);
        m_drawn_ahead = &first;
        if (wait_until(end) == Waited::interrupted || m_drawn_ahead != &first)
            return;
        // When it came too late, its own time starts now.
        const Nanoseconds began = m_clock.monotonic() - end > 100ms ? m_clock.monotonic() : end;
        finish_current(ShowingEnd::complete, began);
        ReadyItem next = std::move(*m_next);
        m_next.reset();
        start(std::move(next), began);
        keep_drawn_first_frame();
        return;
    }
    if (now < end) {
        wait_until(std::min(end, now + slice));
        return;
    }
    if (m_preparer->dry() && m_options.end_when_dry) {
        finish_current(ShowingEnd::complete, end);
        m_dry_end = true;
        return;
    }
    m_preparer->hurry();
    if (m_preparer->dry() || now - end > m_options.gap_patience) {
        if (auto card = m_preparer->take_fallback())
            return replace_current(std::move(*card), ShowingEnd::complete);
    }
    m_next = m_preparer->take(std::min<Nanoseconds>(slice, 5ms));
}

void Director::finish_current(ShowingEnd end, Nanoseconds at, std::string failure) {
    Showing showing = m_current->deck->finish(end, at, std::move(failure));
    showing.captions_drawn = m_current->captions.drawn();
    for (PlaybackListener* listener : m_listeners)
        listener->showing_ended(m_current->deck->item(), showing);
    m_over = std::move(m_current);
    m_current.reset();
    m_waiting_since = at;
}

void Director::give_up_current(Error why, Nanoseconds now) {
    log_warning("director", why.message);
    m_preparer->broke_off(m_current->deck->item(), why);
    finish_current(ShowingEnd::failed, now, why.message);
    m_drawn_ahead = nullptr;
    if (!m_next)
        m_next = m_preparer->take(0ns);
    if (m_next) {
        ReadyItem next = std::move(*m_next);
        m_next.reset();
        replace_current(std::move(next), ShowingEnd::failed);
    }
}

Director::Waited Director::wait_until(Nanoseconds time) {
    for (;;) {
        const Nanoseconds now = m_clock.monotonic();
        if (now >= time)
            return Waited::due;
        sleep_until(std::min(time, now + slice));
        const Nanoseconds then = m_clock.monotonic();
        if (over(then))
            return Waited::interrupted;
        if (then < time) {
            look_after_things(then);
            if (interrupted())
                return Waited::interrupted;
        }
    }
}

// What comes next is handed to the device before its time, so that it is heard from its first frame on.
void Director::lead_sound_in(Nanoseconds now) {
    if (!m_sink || !m_current || m_interrupting)
        return;
    const auto end = m_current->deck->end();
    if (!end || *end <= now || *end - now > sound_lead)
        return;
    const auto lead_in = [&](ReadyItem& next) { next.deck->lead_in(*end, now, *m_sink); };
    if (m_next)
        lead_in(*m_next);
    else
        m_preparer->attend(lead_in);
}

void Director::look_after_things(Nanoseconds now) {
    const StageEvents events = m_stage.poll();
    if (events.quit)
        m_stop = true;
    m_display_gone = m_display_gone || events.gone;
    if (events.key)
        for (PlaybackListener* listener : m_listeners)
            listener->key_pressed();
    if (m_current)
        m_current->deck->feed_sound(now);
    lead_sound_in(now);
    for (const FailedItem& failed : m_preparer->failures()) {
        for (PlaybackListener* listener : m_listeners)
            listener->item_failed(failed.item, failed.error);
    }
    if (m_banner_changed.exchange(false)) {
        {
            const std::lock_guard lock(m_banner_mutex);
            m_banner = m_banner_wanted;
            m_strip = m_strip_wanted;
            m_panel = m_panel_wanted;
        }
        redraw();
    } else if (events.changed || (m_current && m_current->deck->outdated())) {
        redraw();
    } else {
        renew_picture(now);
    }
}

void Director::renew_picture(Nanoseconds now) {
    const VideoFrame* frame = m_current ? m_current->deck->on_screen() : nullptr;
    if (!frame || m_drawn_ahead || now - m_shown_at < m_options.renewed_after)
        return;
    m_shown_at = now; // also when it cannot be shown: not at every look
    draw(*m_current, *frame, frame->pts);
    if (m_stage.show().ok() && m_drawn)
        for (PlaybackListener* listener : m_listeners)
            listener->picture_renewed(now);
}

void Director::draw(ReadyItem& item, const VideoFrame& frame, Nanoseconds pts) {
    const Size size = m_stage.size();
    m_stage_width = size.width;
    m_stage_height = size.height;
    if (size.width > 0 && size.height > 0) {
        m_preparer->fit(size);
        item.deck->fit(size); // in its place: `frame` may be what changes
        item.captions.fit(size);
    }
    // A QR code needs the height that a banner would take, and cannot be read through it.
    const bool all_of_it = item.deck->item().shown == ShownItem::qr_card;
    const PlacedPicture* banner = all_of_it ? nullptr : m_banner.get();
    Overlays overlays;
    for (const PlacedPicture& caption : item.captions.at(pts, banner ? banner->y - size.height / 100 : size.height))
        overlays.push_back(&caption);
    if (m_strip && !all_of_it)
        overlays.push_back(m_strip.get());
    if (m_panel && !all_of_it)
        overlays.push_back(m_panel.get());
    if (banner) // whatever else lies there, a message is read
        overlays.push_back(banner);
    const auto drawn = m_stage.draw(frame, overlays);
    m_drawn = drawn.ok();
    if (!drawn && drawn.error().message != m_display_trouble) {
        m_display_trouble = drawn.error().message;
        log_error("stage", m_display_trouble);
    }
}

void Director::redraw() {
    m_drawn_ahead = nullptr; // whatever was ahead is drawn again
    if (!m_current)
        return;
    if (const VideoFrame* frame = m_current->deck->on_screen()) {
        draw(*m_current, *frame, frame->pts);
        (void)m_stage.show();
    }
}

} // namespace capsule
