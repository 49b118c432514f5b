#include "playlists/sync/state.hpp"

namespace capsule::sync {

const char* to_string(Trouble trouble) {
    switch (trouble) {
    case Trouble::none:
        return "none";
    case Trouble::unreachable:
        return "unreachable";
    case Trouble::not_a_release:
        return "not-a-release";
    case Trouble::older:
        return "older";
    case Trouble::not_understood:
        return "not-understood";
    case Trouble::disk_full:
        return "disk-full";
    case Trouble::disk_failed:
        return "disk-failed";
    case Trouble::untrusted:
        return "untrusted";
    case Trouble::stale:
        return "stale";
    case Trouble::incomplete:
        return "incomplete";
    }
    return "none";
}

const char* support_code(Trouble trouble) {
    switch (trouble) {
    case Trouble::none:
        return "C00";
    case Trouble::unreachable:
        return "C10";
    case Trouble::not_a_release:
        return "C11";
    case Trouble::older:
        return "C12";
    case Trouble::not_understood:
        return "C13";
    case Trouble::disk_full:
        return "C20";
    case Trouble::disk_failed:
        return "C21";
    case Trouble::untrusted:
        return "C14";
    case Trouble::stale:
        return "C15";
    case Trouble::incomplete:
        return "C30";
    default:
        return "C90";
    }
}

std::string in_french(Trouble trouble) {
    switch (trouble) {
    case Trouble::none:
        return "";
    case Trouble::unreachable:
        return "Le serveur ne répond pas.";
    case Trouble::not_a_release:
        return "La réponse reçue ne vient pas du serveur Capsule.";
    case Trouble::older:
        return "Le serveur propose un programme plus ancien que celui de l’écran.";
    case Trouble::not_understood:
        return "Le programme demande une version plus récente du logiciel.";
    case Trouble::disk_full:
        return "Le disque de l’écran est plein.";
    case Trouble::disk_failed:
        return "Le disque de l’écran ne répond pas correctement.";
    case Trouble::untrusted:
        return "La signature du programme reçu n’est pas bonne : l’écran garde le précédent.";
    case Trouble::stale:
        return "Le serveur n’a rien confirmé depuis longtemps : l’écran garde son programme.";
    case Trouble::incomplete:
        return "Une capsule ne peut pas être téléchargée.";
    }
    return "";
}

} // namespace capsule::sync
