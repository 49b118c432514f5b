#include "content/ingest/review.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace capsule::ingest {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t heavy_bytes = 100'000'000, heaviest_bytes = 500'000'000;
constexpr Milliseconds black_warning = 500ms, black_failure = 3s;
constexpr Milliseconds frozen_warning = 10s, silent_warning = 5s;

std::string with_comma(double value, int digits = 1) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    std::string shown = text;
    std::replace(shown.begin(), shown.end(), '.', ',');
    return shown;
}

std::string seconds(Milliseconds time) { return with_comma(static_cast<double>(time.count()) / 1000) + "\u00a0s"; }

Milliseconds longest(const std::vector<Span>& spans) {
    Milliseconds most{0};
    for (const Span& span : spans)
        most = std::max(most, span.length());
    return most;
}

std::vector<Span> above(const std::vector<Span>& spans, Milliseconds least) {
    std::vector<Span> kept;
    std::copy_if(spans.begin(), spans.end(), std::back_inserter(kept), [&](const Span& span) { return span.length() >= least; });
    return kept;
}

Finding flash_finding(const char* check, const FlashCount& count, const std::string& kind) {
    Finding finding{check, Level::pass, "", {}};
    const std::string flashes = count.changes % 2 == 0 ? std::to_string(count.changes / 2) : std::to_string(count.changes / 2) + ",5";
    switch (count.verdict()) {
    case FlashVerdict::fail:
        finding.level = Level::fail;
        finding.text = flashes + " " + kind + " en une seconde, plus de trois\u00a0: danger pour les personnes photosensibles. Ralentissez ou adoucissez ce passage.";
        break;
    case FlashVerdict::warning:
        finding.level = Level::warning;
        finding.text = flashes + " " + kind + " en une seconde\u00a0: c’est permis (trois au plus), mais gênant pour certains.";
        break;
    case FlashVerdict::pass:
        finding.text = "Pas de suite de " + kind + ".";
        return finding;
    }
    finding.spans.push_back({count.worst_at, count.worst_at + 1s});
    return finding;
}

void add_picture(std::vector<Finding>& findings, const Measurement& measurement) {
    findings.push_back(flash_finding("flashes-general", measurement.flashes.general, "éclairs"));
    findings.push_back(flash_finding("flashes-red", measurement.flashes.red, "éclairs rouges"));
    const auto black = above(measurement.black, black_warning);
    const Milliseconds darkest = longest(black);
    if (darkest >= black_failure || (darkest.count() > 0 && darkest >= measurement.duration * 9 / 10))
        findings.push_back({"black", Level::fail, "L’image est noire pendant " + seconds(darkest) + "\u00a0: l’écran paraîtrait éteint. Coupez ce passage.", black});
    else if (!black.empty())
        findings.push_back({"black", Level::warning, "L’image est noire pendant " + seconds(darkest) + ".", black});
    else
        findings.push_back({"black", Level::pass, "Pas d’image noire.", {}});
    const auto frozen = above(measurement.frozen, frozen_warning);
    if (!frozen.empty())
        findings.push_back({"frozen", Level::warning, "L’image ne bouge pas pendant " + seconds(longest(frozen)) + ".", frozen});
    else
        findings.push_back({"frozen", Level::pass, "Pas d’image figée.", {}});
}

void add_sound(std::vector<Finding>& findings, const CapsuleVersion& version, const Measurement& measurement) {
    if (!measurement.has_sound) {
        findings.push_back({"loudness", Level::pass, "Sans son.", {}});
        return;
    }
    const double after = measurement.integrated_lufs + static_cast<double>(version.gain_mdb) / 1000;
    if (std::abs(after + 23) > 1.5)
        findings.push_back({"loudness", Level::warning,
                            "Le son restera " + std::string(after < -23 ? "plus faible" : "plus fort") + " que les autres capsules (" +
                                with_comma(after) + "\u00a0LUFS au lieu de −23).", {}});
    else
        findings.push_back({"loudness", Level::pass, "Le son est au niveau des autres capsules.", {}});
    const auto silent = above(measurement.silent, silent_warning);
    if (!silent.empty())
        findings.push_back({"silence", Level::warning, "Le son se tait pendant " + seconds(longest(silent)) + ".", silent});
    else
        findings.push_back({"silence", Level::pass, "Pas de long silence.", {}});
}

void add_weight(std::vector<Finding>& findings, std::uint64_t bytes) {
    const std::string size = std::to_string((bytes + 999'999) / 1'000'000) + "\u00a0Mo";
    if (bytes > heaviest_bytes)
        findings.push_back({"weight", Level::fail, "Le fichier pèse " + size + "\u00a0: trop pour les lignes des sites (500\u00a0Mo au plus). Raccourcissez la vidéo.", {}});
    else if (bytes > heavy_bytes)
        findings.push_back({"weight", Level::warning, "Le fichier pèse " + size + "\u00a0: il sera long à envoyer aux écrans.", {}});
    else
        findings.push_back({"weight", Level::pass, "Le fichier pèse " + size + ".", {}});
}

std::size_t characters(const Cue& cue) {
    std::size_t count = 0;
    for (const std::string& line : cue.lines)
        count += static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
    return count;
}

std::string in_language(const ReviewedCaptions& captions) { return " (" + captions.language + ")"; }

void add_layout(std::vector<Finding>& findings, const ReviewedCaptions& captions) {
    std::vector<Span> tall, fast;
    double worst = 0;
    for (const Cue& cue : captions.cues) {
        if (cue.lines.size() > 2)
            tall.push_back({cue.start, cue.end});
        const double part = static_cast<double>(characters(cue)) / (1.2 * legible_characters(cue.end - cue.start));
        worst = std::max(worst, part);
        if (part > 1 + 1e-9)
            fast.push_back({cue.start, cue.end});
    }
    const std::string where = in_language(captions);
    if (!tall.empty())
        findings.push_back({"captions-lines", Level::fail, std::to_string(tall.size()) + " sous-titre(s)" + where + " ont plus de deux lignes. Coupez-les.", tall});
    else
        findings.push_back({"captions-lines", Level::pass, "Deux lignes au plus" + where + ".", {}});
    if (!fast.empty())
        findings.push_back({"captions-speed", Level::fail,
                            std::to_string(fast.size()) + " sous-titre(s)" + where + " passent trop vite pour être lus (jusqu’à " + with_comma(worst * 1.2) +
                                "\u00a0fois ce qui se lit dans ce temps). Raccourcissez le texte ou allongez sa durée.", fast});
    else
        findings.push_back({"captions-speed", Level::pass, "Les sous-titres" + where + " restent assez longtemps.", {}});
}

void add_form(std::vector<Finding>& findings, const ReviewedCaptions& captions, Milliseconds duration) {
    std::vector<Span> bad;
    Milliseconds last{0};
    for (const Cue& cue : captions.cues) {
        if (cue.start < last || (duration.count() > 0 && cue.start >= duration))
            bad.push_back({cue.start, cue.end});
        last = std::max(last, cue.end);
    }
    const std::string where = in_language(captions);
    if (captions.cues.empty() || captions.announced > captions.cues.size())
        findings.push_back({"captions", Level::fail,
                            captions.cues.empty() ? "Aucun sous-titre" + where + " ne peut être lu. Vérifiez le fichier."
                                                  : std::to_string(captions.announced - captions.cues.size()) + " sous-titre(s)" + where +
                                                        " ne peuvent pas être lus\u00a0: vérifiez leurs temps.", {}});
    else if (!bad.empty())
        findings.push_back({"captions", Level::warning, std::to_string(bad.size()) + " sous-titre(s)" + where + " se chevauchent ou commencent après la fin.", bad});
    else
        findings.push_back({"captions", Level::pass,
                            captions.drawn ? "Sous-titres présents et bien formés" + where + "." : "Transcription présente et bien formée" + where + ".", {}});
}

// What of `speech` no cue covers; half a second on either side of a cue counts as covered.
std::vector<Span> uncovered(const std::vector<Span>& speech, const std::vector<Cue>& cues) {
    std::vector<Span> rest;
    for (const Span& said : speech) {
        Milliseconds at = said.from;
        for (const Cue& cue : cues) { // in order of their start
            const Milliseconds from = cue.start - 500ms, to = cue.end + 500ms;
            if (to <= at || from >= said.to)
                continue;
            if (from > at)
                rest.push_back({at, from});
            at = std::max(at, to);
        }
        if (at < said.to)
            rest.push_back({at, said.to});
    }
    return rest;
}

void add_coverage(std::vector<Finding>& findings, const ReviewedCaptions& captions, const Measurement& measurement) {
    const auto rest = above(uncovered(measurement.speech, captions.cues), 1s);
    if (longest(rest) >= 2s)
        findings.push_back({"captions-coverage", Level::warning,
                            "On semble parler sans sous-titre" + in_language(captions) + " pendant " + seconds(longest(rest)) + ". Vérifiez qu’il ne manque rien.", rest});
    else
        findings.push_back({"captions-coverage", Level::pass, "Les sous-titres" + in_language(captions) + " couvrent les paroles repérées.", {}});
}

void add_missing_captions(std::vector<Finding>& findings, const CapsuleVersion& version, const std::optional<Measurement>& measurement) {
    Milliseconds said{0};
    if (measurement)
        for (const Span& span : measurement->speech)
            said += span.length();
    if (said >= 2s)
        findings.push_back({"captions", Level::fail, "On parle dans cette vidéo (" + seconds(said) + " environ) et elle n’a pas de sous-titres\u00a0: le son est souvent coupé. Ajoutez-les.",
                            measurement->speech});
    else if (version.sound)
        findings.push_back({"captions", Level::warning, "Cette vidéo a du son et pas de sous-titres. Si l’on y parle, ajoutez-les.", {}});
    else if (version.text_in_picture)
        findings.push_back({"captions", Level::warning, "Le texte est dans l’image\u00a0: ajoutez-en la transcription.", {}});
    else
        findings.push_back({"captions", Level::pass, "Vidéo sans paroles\u00a0: pas de sous-titres à prévoir.", {}});
}

bool needs_proof(const Rights& rights) {
    return rights.persons == "consent" || rights.voice == "consent" || rights.music == "licence" || rights.music == "society";
}

} // namespace

const char* to_string(Level level) { return level == Level::fail ? "fail" : level == Level::warning ? "warning" : "pass"; }

double legible_characters(Milliseconds time) {
    constexpr std::array<double, 5> characters_at = {0, 12, 20, 36, 60};
    const double s = static_cast<double>(time.count()) / 1000;
    if (s >= 4)
        return 15 * s;
    const auto whole = static_cast<std::size_t>(s);
    return characters_at[whole] + (characters_at[whole + 1] - characters_at[whole]) * (s - static_cast<double>(whole));
}

ReviewedCaptions read_for_review(const std::string& language, bool drawn, std::string_view bytes) {
    ReviewedCaptions captions{language, drawn, {}, 0};
    if (auto cues = read_cues(bytes))
        captions.cues = std::move(*cues);
    for (std::size_t at = bytes.find("-->"); at != std::string_view::npos; at = bytes.find("-->", at + 3))
        ++captions.announced;
    return captions;
}

std::vector<Finding> review_version(const CapsuleVersion& version, const std::vector<ReviewedCaptions>& captions,
                                    const std::optional<Measurement>& measurement) {
    std::vector<Finding> findings;
    const bool image = version.media.type.starts_with("image/");
    for (const ReviewedCaptions& track : captions) {
        add_form(findings, track, version.duration);
        if (track.drawn)
            add_layout(findings, track);
        if (measurement && !measurement->speech.empty())
            add_coverage(findings, track, *measurement);
    }
    if (captions.empty() && !image)
        add_missing_captions(findings, version, measurement);
    if (!measurement) {
        findings.push_back({"measured", Level::warning, "L’image et le son n’ont pas été mesurés. Préparez à nouveau le fichier.", {}});
        return findings;
    }
    if (!image) {
        add_picture(findings, *measurement);
        add_sound(findings, version, *measurement);
    } else if (measurement->contrast) {
        const bool weak = *measurement->contrast < 4.5;
        findings.push_back({"contrast", weak ? Level::warning : Level::pass,
                            "Contraste de l’image\u00a0: " + with_comma(*measurement->contrast) + " pour 1" +
                                (weak ? ". S’il y a du texte, il en faut 4,5 pour être lu de loin." : "."), {}});
    }
    add_weight(findings, measurement->bytes);
    return findings;
}

std::vector<Finding> review_record(const Capsule& capsule, const Rights& rights, const std::string& review_by, const std::string& today) {
    std::vector<Finding> findings;
    std::string missing;
    for (const auto& [value, name] : {std::pair{&rights.persons, "personnes visibles"}, std::pair{&rights.voice, "voix"}, std::pair{&rights.music, "musique"}})
        if (value->empty())
            missing += (missing.empty() ? "" : ", ") + std::string(name);
    if (!missing.empty())
        findings.push_back({"rights", Level::fail, "Droits à préciser\u00a0: " + missing + ".", {}});
    else if (needs_proof(rights) && rights.proof.empty())
        findings.push_back({"rights", Level::fail, "Dites où se trouve la preuve des droits (accord, licence).", {}});
    else if (!rights.until.empty() && rights.until <= today)
        findings.push_back({"rights", Level::fail, "Les droits ont pris fin le " + rights.until + ".", {}});
    else
        findings.push_back({"rights", Level::pass, "Les droits sont précisés.", {}});
    if (!capsule.valid_until.empty() && capsule.valid_until <= today)
        findings.push_back({"expiry", Level::warning, "Cette capsule n’est plus valable depuis le " + capsule.valid_until + "\u00a0: les écrans la passent.", {}});
    else
        findings.push_back({"expiry", Level::pass, capsule.valid_until.empty() ? "Sans date de fin." : "Valable jusqu’au " + capsule.valid_until + ".", {}});
    if (review_by.empty())
        findings.push_back({"review", Level::pass, "Sans date de relecture.", {}});
    else if (review_by <= today)
        findings.push_back({"review", Level::warning, "À relire depuis le " + review_by + ".", {}});
    else
        findings.push_back({"review", Level::pass, "À relire le " + review_by + ".", {}});
    return findings;
}

Level worst_of(const std::vector<Finding>& findings) {
    Level worst = Level::pass;
    for (const Finding& finding : findings)
        worst = std::max(worst, finding.level);
    return worst;
}

nlohmann::json report_json(const std::vector<Finding>& findings, const std::optional<Measurement>& measurement) {
    nlohmann::json list = nlohmann::json::array();
    for (const Finding& finding : findings) {
        nlohmann::json spans = nlohmann::json::array();
        for (const Span& span : finding.spans)
            spans.push_back({span.from.count(), span.to.count()});
        list.push_back({{"check", finding.check}, {"level", to_string(finding.level)}, {"text", finding.text}, {"at_ms", spans}});
    }
    return {{"verdict", to_string(worst_of(findings))}, {"findings", list}, {"measured", measurement ? to_json(*measurement) : nlohmann::json(nullptr)}};
}

} // namespace capsule::ingest
