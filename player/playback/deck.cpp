#include "player/playback/deck.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace capsule {

using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds unknown_refresh{1'000'000'000 / 60};
constexpr Nanoseconds too_far_behind_sound = 100ms;

// What the volume now makes of the samples, after the gain that brings the file to the house's loudness.
std::function<float()> gain_of(const PlayItem& item) {
    const float loudness = std::pow(10.0F, static_cast<float>(item.gain_mdb) / 20000.0F);
    return [loudness, fixed = item.volume, now = item.volume_now] {
        return loudness * static_cast<float>(std::clamp(now ? now() : fixed, 0, 100)) / 100.0F;
    };
}

} // namespace

Deck::Deck(PlayItem item, const DeckSurroundings& surroundings) : m_item(std::move(item)), m_surroundings(surroundings) {}

Result<void> Deck::fail(Error why) {
    m_state = Failed{why};
    m_reader.reset();
    return why;
}

Result<void> Deck::prepare(Nanoseconds patience) {
    if (m_item.media == MediaKind::card || m_item.media == MediaKind::fallback) {
        if (!m_item.draw)
            return fail({Category::bug, m_item.name + ": a card without a drawing"});
        VideoFrame frame;
        m_edition = m_item.edition ? m_item.edition() : 0;
        frame.drawn = std::make_shared<const Picture>(m_item.draw(m_surroundings.stage));
        frame.size = frame.drawn->size;
        frame.duration = m_item.duration;
        m_info.still = true;
        m_state = Held{std::move(frame)};
        return {};
    }
    if (!m_reader) {
        SessionOptions options;
        options.sound = m_item.sound && m_surroundings.sound && m_item.volume > 0;
        options.hardware = m_surroundings.hardware;
        m_reader = m_item.begun ? std::exchange(m_item.begun, {})(options) : Reader::start(m_item.file, options);
    }
    auto info = m_reader->wait_first_frame(patience);
    if (!info && info.error().category == Category::timeout)
        return info.error();
    if (!info)
        return fail(info.error());
    m_info = *info;
    TakenFrame taken = m_reader->take(0ns);
    auto* first = std::get_if<VideoFrame>(&taken);
    if (!first)
        return fail({Category::bug, m_item.name + ": the first frame is gone"});
    if (m_info.still) {
        m_item.media = MediaKind::image;
        first->duration = m_item.duration;
        m_reader.reset(); // nothing more to come
    } else {
        m_item.media = MediaKind::video;
        m_item.duration = std::chrono::duration_cast<Milliseconds>(m_info.duration);
    }
    VideoFrame frame = std::move(*first);
    m_state = Held{std::move(frame)};
    return {};
}

void Deck::fit(Size stage) {
    if (stage == m_surroundings.stage && !outdated())
        return;
    m_surroundings.stage = stage;
    if (!m_item.draw)
        return;
    m_edition = m_item.edition ? m_item.edition() : 0;
    const auto picture = std::make_shared<const Picture>(m_item.draw(stage));
    const auto replace = [&](VideoFrame& frame) {
        frame.drawn = picture;
        frame.size = picture->size;
    };
    if (auto* held = std::get_if<Held>(&m_state))
        replace(held->first);
    if (auto* playing = std::get_if<Playing>(&m_state); playing && playing->candidate)
        replace(*playing->candidate);
    if (m_on_screen)
        replace(*m_on_screen);
}

const VideoFrame& Deck::first_frame() const { return std::get<Held>(m_state).first; }

bool Deck::open_sound(AudioSink* sink) {
    if (!m_sound && sink && m_reader && !m_info.audio_codec.empty())
        m_sound = std::make_unique<Sound>(*sink, gain_of(m_item));
    return m_sound != nullptr;
}

void Deck::lead_in(Nanoseconds start, Nanoseconds now, AudioSink& sink) {
    if (open_sound(&sink))
        m_sound->feed(*m_reader, now, start);
}

void Deck::begin(Nanoseconds start, Nanoseconds refresh, std::int64_t number, AudioSink* sink) {
    VideoFrame first = std::move(std::get<Held>(m_state).first);
    m_refresh = refresh > 0ns ? refresh : unknown_refresh;
    m_start = start;
    Nanoseconds zero = start;
    if (open_sound(sink)) {
        m_sound->feed(*m_reader, start, start);
        zero = m_sound->zero().value_or(start); // later by what the device had asked for already, if it was not led in
    }
    m_timeline.emplace(zero, m_refresh);
    m_rate_limit.emplace(refresh, m_info.usual_frame);
    m_rate_limit->wanted(first.pts);
    m_showing.number = number;
    if (m_reader)
        m_reader->play();
    count_due(first);
    m_state = Playing{std::move(first)};
}

void Deck::count_due(const VideoFrame& frame) {
    ++m_showing.frames_due;
    m_media_end = std::max(m_media_end, frame.pts + frame.duration);
}

TakenFrame Deck::take(Nanoseconds patience) {
    if (!m_reader)
        return Ended{};
    return m_reader->take(patience);
}

DeckAnswer Deck::next(Nanoseconds now, Nanoseconds patience) {
    if (const auto* failed = std::get_if<Failed>(&m_state))
        return failed->why;
    if (const auto* draining = std::get_if<Draining>(&m_state))
        return OverAt{m_timeline->due(draining->end)};
    auto* playing = std::get_if<Playing>(&m_state);
    assert(playing);
    const auto heard = m_sound ? m_sound->heard(now) : std::nullopt;
    if (heard)
        m_timeline->follow(now, *heard);
    while (!playing->candidate) {
        TakenFrame taken = take(patience);
        if (std::holds_alternative<NotYet>(taken))
            return NotYet{};
        if (auto* error = std::get_if<Error>(&taken)) {
            Error why = *error;
            (void)fail(why);
            return why;
        }
        if (std::holds_alternative<Ended>(taken)) {
            const Nanoseconds end = m_media_end;
            m_state = Draining{end}; // the reader stays: some sound may be left in it
            return OverAt{m_timeline->due(end)};
        }
        VideoFrame frame = std::move(std::get<VideoFrame>(taken));
        if (!m_rate_limit->wanted(frame.pts)) {
            m_media_end = std::max(m_media_end, frame.pts + frame.duration);
            ++m_next_index;
            continue;
        }
        count_due(frame);
        if (heard && now - m_timeline->due(frame.pts) > too_far_behind_sound) {
            ++m_next_index;
            continue;
        }
        playing->candidate = std::move(frame);
    }
    const Nanoseconds due = m_timeline->slot(playing->candidate->pts);
    // The first one follows the item before at once, even if its sound cannot yet.
    return DueFrame{&*playing->candidate, m_next_index == 0 ? std::min(due, m_start) : due};
}

std::optional<Nanoseconds> Deck::end() const {
    if (const auto* draining = std::get_if<Draining>(&m_state))
        return m_timeline->due(draining->end);
    if (!std::holds_alternative<Playing>(m_state))
        return std::nullopt;
    if (!m_reader)
        return m_timeline->due(m_media_end);
    const auto last = m_reader->known_end();
    if (!last)
        return std::nullopt;
    return m_timeline->due(std::max(*last, m_media_end));
}

ShownFrame Deck::shown(Nanoseconds at, bool seen) {
    auto& playing = std::get<Playing>(m_state);
    ShownFrame shown;
    shown.at = at;
    shown.showing = m_showing.number;
    shown.frame = m_next_index++;
    shown.pts = playing.candidate->pts;
    shown.late = m_timeline->shown(playing.candidate->pts, at);
    if (shown.frame == 0) {
        m_showing.boot_start = m_surroundings.clock.boottime();
        m_showing.wall_start = m_surroundings.clock.wall();
    }
    if (seen)
        ++m_showing.frames_shown;
    else
        m_unseen += playing.candidate->duration;
    if (shown.late >= m_refresh)
        ++m_showing.frames_late;
    m_on_screen = std::move(*playing.candidate);
    playing.candidate.reset();
    return shown;
}

void Deck::feed_sound(Nanoseconds now) {
    if (m_sound && m_reader && m_timeline)
        m_sound->feed(*m_reader, now, m_timeline->due(0ns));
}

Showing Deck::finish(ShowingEnd end, Nanoseconds at, std::string failure) {
    // A candidate that never came on screen was not due yet, unless its time had come.
    if (const auto* playing = std::get_if<Playing>(&m_state);
        playing && playing->candidate && m_timeline->due(playing->candidate->pts) > at)
        --m_showing.frames_due;
    if (m_sound) {
        m_showing.sound_heard = m_sound->was_heard();
        m_sound->stop(end == ShowingEnd::complete ? std::optional(at) : std::nullopt);
    }
    const Nanoseconds now = m_surroundings.clock.monotonic();
    m_showing.boot_end = m_surroundings.clock.boottime() - (now - at);
    m_showing.shown = m_showing.frames_shown ? std::max<Nanoseconds>(m_showing.boot_end - m_showing.boot_start - m_unseen, 0ns) : 0ns;
    // Once it was played to its end, its length is known for sure.
    m_showing.due = end == ShowingEnd::complete ? m_media_end : std::max<Nanoseconds>(m_item.duration, m_media_end);
    m_showing.end = end;
    m_showing.failure = std::move(failure);
    m_reader.reset();
    m_state = Done{};
    return m_showing;
}

} // namespace capsule
