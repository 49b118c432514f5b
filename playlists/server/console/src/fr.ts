// The sentences of the frame and of the first pages, in French; en.ts has them in English. Larger pages keep theirs beside them (words.ts).
// No-break spaces are written \u00a0, so that they can be seen.
import type { PeriodFault } from "./period";
import type { ForeseenItem, Role } from "./api";
import { english } from "./en";
import { language, many } from "./language";

const n = new Intl.NumberFormat("fr-FR");

const french = {
    product: "Capsule",
    tagline: "Console",
    skip: "Aller au contenu",
    loading: "Chargement…",
    retry: "Réessayer",
    required: "Tous les champs sont à remplir.",
    technical: "Détail technique",

    nav: { label: "Pages de la console", menu: "Menu", capsules: "Capsules", playlists: "Listes", publish: "Publier", places: "Lieux", notice: "Message à l’accueil", screens: "Écrans", week: "Semaine", statistics: "Statistiques" },
    account: {
        signedInAs: (login: string) => `Connecté\u00a0: ${login}`,
        signOut: "Se déconnecter",
        roles: {
            administrator: "administration",
            coordinator: "coordination",
            contributor: "contribution",
            evaluator: "évaluation",
            reception: "accueil",
        } satisfies Record<Role, string>,
    },

    ago: {
        now: "à l’instant",
        minutes: (count: number) => `il y a ${count}\u00a0min`,
        hours: (count: number) => `il y a ${count}\u00a0h`,
        days: (count: number) => `il y a ${many(count, "jour", "jours")}`,
    },

    fault: {
        unreachable: "Le serveur ne répond pas. Vérifiez le réseau, puis réessayez.",
        forbidden: "Votre compte ne donne pas accès à cette page. Demandez à la personne qui administre la console.",
        invalid: "Le serveur a refusé la demande.",
        server: "Le serveur a rencontré une erreur. Réessayez dans un instant\u00a0; si cela dure, prévenez l’administrateur.",
        somebody: "Quelqu’un d’autre",
        meanwhile: (who: string) =>
            `${who} vient de changer cette fiche. Rien n’est perdu\u00a0: ce que vous avez saisi est resté ici. Enregistrez de nouveau pour le garder à la place, ou rechargez la page pour voir l’autre version.`,
        keptOld: "Les informations ci-dessous datent de la dernière réponse reçue.",
    },

    field: {
        login: "Identifiant",
        password: "Mot de passe",
        passwordAgain: "Le même mot de passe, une seconde fois",
        show: "Afficher",
        hide: "Masquer",
        showPassword: "Afficher le mot de passe",
        hidePassword: "Masquer le mot de passe",
    },

    week: {
        title: "La semaine d’un écran",
        intro: "Ce que l’écran montrera, d’après ce qui est publié. Choisissez un moment pour savoir pourquoi.",
        screen: "Écran",
        steps: "Semaine affichée",
        before: "Semaine précédente",
        now: "Cette semaine",
        after: "Semaine suivante",
        caption: "La semaine, jour par jour",
        ready: (day: string) => `Semaine du ${day} affichée.`,
        closed: "Écran éteint",
        gap: "Rien de prévu",
        campaign: (title: string, percent: number) => `${title} (${percent}\u00a0%)`,
        overlaps: (count: number) => many(count, "recouvrement", "recouvrements"),
        overlap: (day: string, hour: string, loser: string) => `${day} à ${hour}, «\u00a0${loser}\u00a0» ne passe pas.`,
        question: "Que montrera cet écran\u00a0?",
        day: "Jour",
        hour: "Heure",
        badDay: "Indiquez un jour.",
        badHour: "Indiquez une heure sur ce modèle\u00a0: 10:00.",
        ask: "Voir",
        unknown: "Rien n’est connu pour ce moment.",
        shows: {
            capsule: (title: string, from: string, until: string) => `«\u00a0${title}\u00a0», de ${from} à ${until}.`,
            "qr-card": (title: string, from: string, until: string) => `Le code QR de «\u00a0${title}\u00a0», de ${from} à ${until}.`,
            calm: (_: string, from: string, until: string) => `Une image calme, de ${from} à ${until}.`,
            notice: (_: string, _from: string, until: string) => `Un message urgent, jusqu’à ${until}.`,
            closed: (_: string, _from: string, until: string) => `Rien\u00a0: l’écran est éteint jusqu’à ${until}.`,
            gap: (_: string, _from: string, until: string) => `L’image d’attente\u00a0: rien n’est prévu jusqu’à ${until}.`,
        } satisfies Record<ForeseenItem["kind"], (title: string, from: string, until: string) => string>,
        reckoned: "Compté depuis le début de la journée. Après une coupure ou une panne, l’écran peut en être à une autre capsule de la même liste.",
        schedules: "Les programmations de cet écran",
        capsules: (count: number) => `Les capsules de la liste (${n.format(count)})`,
        share: (part: number) => `sa part\u00a0: ${n.format(Math.round(part * 1000) / 10)}\u00a0%`,
    },

    signIn: {
        title: "Se connecter",
        intro: "La console sert à suivre les écrans et à lire les statistiques de diffusion.",
        submit: "Se connecter",
        busy: "Connexion…",
        loginMissing: "Écrivez votre identifiant.",
        passwordMissing: "Écrivez votre mot de passe.",
        wrong: "L’identifiant ou le mot de passe ne convient pas. Vérifiez les majuscules, puis réessayez.",
        tooMany: "Trop d’essais ont échoué pour cet identifiant. Attendez quinze minutes, puis réessayez.",
        ended: "Votre session a pris fin. Connectez-vous de nouveau\u00a0: vous reviendrez à la même page.",
        signedOut: "Vous êtes déconnecté.",
        firstTime: "Première utilisation\u00a0? Ouvrez le lien à usage unique que le serveur affiche à son premier démarrage.",
        forgotten: "Mot de passe oublié\u00a0? Demandez à la personne qui administre la console.",
    },

    first: {
        title: "Créer le premier compte",
        intro: "Ce compte administre la console. Le lien que vous avez ouvert ne sert qu’une fois.",
        loginHint: "Lettres sans accent, chiffres, point et tiret. Par exemple\u00a0: prenom.nom",
        passwordHint: "Au moins 12\u00a0caractères. Une phrase courte convient très bien.",
        submit: "Créer le compte",
        busy: "Création du compte…",
        loginMissing: "Choisissez un identifiant.",
        loginShape: "L’identifiant peut contenir des lettres sans accent, des chiffres, des points et des tirets, sans espace.",
        passwordMissing: "Choisissez un mot de passe.",
        passwordShort: (has: number) =>
            `Le mot de passe doit avoir au moins 12\u00a0caractères\u00a0: il en manque ${12 - has}.`,
        passwordLikeLogin: "Le mot de passe ne peut pas être l’identifiant.",
        againMissing: "Écrivez le mot de passe une seconde fois.",
        againDiffers: "Les deux mots de passe ne sont pas les mêmes.",
        refused: "Ce lien n’est plus valable\u00a0: un compte existe déjà, ou le lien n’a pas été copié en entier.",
        refusedHelp: "Si vous avez déjà un compte, connectez-vous.",
        toSignIn: "Aller à la page de connexion",
        unacceptable: "Le serveur refuse cet identifiant ou ce mot de passe. Choisissez-en un autre.",
        noSecret: "Il manque la fin du lien. Ouvrez le lien entier que le serveur a affiché à son premier démarrage.",
        createdNotSignedIn: "Le compte est créé. Connectez-vous avec l’identifiant et le mot de passe choisis.",
        welcome: "Le compte est créé, vous êtes connecté.",
    },

    notFound: {
        title: "Page introuvable",
        body: "Cette adresse ne mène à aucune page de la console.",
        back: "Aller à votre première page",
        notYours: (role: string) => `Votre rôle (${role}) ne comprend pas cette page. Si vous en avez besoin, demandez à la personne qui administre la console.`,
    },

    screens: {
        title: "Écrans",
        intro: "L’état de chaque écran. Mise à jour toutes les 15\u00a0secondes.",
        updated: (when: string) => `Mis à jour ${when}`,
        state: { online: "En ligne", silent: "Silencieux", never: "Jamais vu" },
        stateHelp: "En ligne\u00a0: l’écran s’est manifesté il y a moins de 15\u00a0minutes. Silencieux\u00a0: il ne s’est plus manifesté depuis\u00a0; " +
            "il peut continuer à diffuser sans réseau. Jamais vu\u00a0: il ne s’est encore jamais manifesté.",
        all: "Tous",
        filterLabel: "Filtrer par état",
        search: "Chercher un écran",
        searchHint: "Nom, site, commune ou code",
        caption: "Écrans et leur état",
        head: {
            screen: "Écran",
            state: "État",
            site: "Site",
            commune: "Commune",
            seen: "Dernier contact",
            playing: "À l’écran",
            programme: "Programme",
            today: "Diffusions aujourd’hui",
        },
        code: (code: string) => `Code\u00a0${code}`,
        neverSeen: "Jamais",
        nothing: "–",
        unknownPlaying: "Inconnu",
        programmeNumber: (value: number) => `n°\u00a0${value}`,
        programmeNone: "Non indiqué",
        noDevice: "Aucun appareil associé",
        shown: (shown: number, all: number) =>
            shown === all ? many(all, "écran", "écrans") : `${many(shown, "écran affiché", "écrans affichés")} sur ${all}`,
        none: "Aucun écran n’est encore enregistré.",
        noneHelp: "Les écrans apparaissent ici dès que l’administrateur les a ajoutés.",
        noMatch: "Aucun écran ne correspond à cette recherche.",
        clear: "Tout afficher",
        more: (count: number) => `Afficher ${many(count, "autre écran", "autres écrans")}`,
    },

    enrol: {
        link: "Ajouter un écran",
        title: "Ajouter un écran",
        intro: "Branchez l’écran. Il affiche un code de huit lettres et chiffres\u00a0: écrivez-le ici.",
        code: "Code affiché par l’écran",
        codeHint: "Par exemple 7K3P\u00a02QFM. Majuscules et espaces ne comptent pas. Le code change tous les quarts d’heure.",
        codeMissing: "Écrivez le code affiché par l’écran.",
        codeShape: (has: number) => `Le code a huit lettres et chiffres\u00a0: vous en avez écrit ${has}.`,
        codeUnknown: "Aucun écran n’affiche ce code en ce moment. Relisez-le sur l’écran\u00a0: il a pu changer.",
        site: "Lieu",
        siteMissing: "Choisissez le lieu.",
        noSite: "Aucun lieu n’est encore enregistré. Ajoutez d’abord les lieux avec «\u00a0capsule push sites.csv\u00a0».",
        choose: "Choisir…",
        screen: "Écran",
        newScreen: "Un nouvel écran",
        servedOption: (name: string) => `${name} (a déjà un appareil)`,
        name: "Nom de l’écran",
        nameHint: "L’endroit où il est accroché. Par exemple\u00a0: Hall",
        nameMissing: "Donnez un nom à l’écran.",
        served: "Cet écran a déjà un appareil. Le remplacer\u00a0? L’ancien appareil sera retiré du service pour toujours.",
        replace: "Remplacer l’appareil",
        tooMany: "Trop de codes faux. Attendez un quart d’heure, puis relisez le code sur l’écran.",
        submit: "Ajouter l’écran",
        busy: "Un instant…",
        done: (label: string) => `${label}\u00a0: l’écran est ajouté.`,
        doneHelp: "Il commence sa diffusion dans la minute qui suit, le temps de recevoir les capsules.",
        toScreens: "Voir les écrans",
        another: "Ajouter un autre écran",
    },

    statistics: {
        title: "Statistiques",
        intro: "Ce que les écrans ont diffusé, d’après le journal que chaque écran tient et transmet.",
        period: "Période",
        choices: { "7": "7\u00a0jours", "30": "30\u00a0jours", mois: "Ce mois-ci", dates: "Dates" },
        from: "Du",
        to: "Au (inclus)",
        apply: "Afficher",
        faults: {
            "missing-from": "Indiquez la date de début.",
            "missing-to": "Indiquez la date de fin.",
            reversed: "La date de fin vient avant la date de début.",
            "too-long": "Choisissez une période de 400\u00a0jours au plus.",
        } satisfies Record<PeriodFault, string>,
        span: (from: string, to: string, days: number) => (days === 1 ? `Le ${from}` : `Du ${from} au ${to}, soit ${days}\u00a0jours`),
        todayPartial: "La journée d’aujourd’hui n’est pas terminée.",
        generated: (when: string) => `Établi le ${when}.`,
        loaded: (showings: number) => `Statistiques affichées\u00a0: ${many(showings, "diffusion", "diffusions")}.`,
        totals: "L’essentiel",
        showings: "Diffusions",
        showingsHelp: "passages d’une capsule à l’écran",
        complete: "Dont complètes",
        completeHelp: (share: string) => `${share} des diffusions, du début à la fin`,
        time: "Temps d’écran",
        timeHelp: (screens: number) => `sur ${many(screens, "écran", "écrans")}`,
        scans: "Ouvertures du lien",
        scansHelp: "depuis le QR code affiché",
        notMeasured: "Non mesuré",
        scansNotMeasured: "aucune adresse publique n’est réglée",
        perDay: "Diffusions par jour",
        perCapsule: "Diffusions par capsule",
        perSite: "Diffusions par site",
        day: "Jour",
        capsule: "Capsule",
        site: "Site",
        id: "Identifiant",
        chartText: (days: number, total: number, best: string, most: number, empty: number) =>
            `Diagramme en barres\u00a0: ${many(total, "diffusion", "diffusions")} en ${many(days, "jour", "jours")}. ` +
            `Maximum\u00a0: ${n.format(most)}, ${best}. ` +
            (empty === 0 ? "" : `Aucune diffusion reçue pour ${many(empty, "jour", "jours")}. `) +
            "Les nombres sont dans le tableau qui suit.",
        readout: (day: string, showings: number) =>
            showings === 0 ? `${day}\u00a0: aucune diffusion reçue` : `${day}\u00a0: ${many(showings, "diffusion", "diffusions")}`,
        readoutHint: "Passez sur une barre pour lire sa valeur, ou ouvrez le tableau.",
        asTable: "Voir les nombres, jour par jour",
        zeroDay: "0\u00a0: aucune diffusion n’a été reçue pour ce jour. L’écran a pu être éteint, ou ne pas avoir encore transmis son journal.",
        share: "Part",
        total: "Total",
        export: "Télécharger (CSV)",
        exportOf: (what: string) => `Télécharger le tableau «\u00a0${what}\u00a0» au format CSV`,
        exported: (name: string) => `Fichier ${name} téléchargé.`,
        empty: "Aucune diffusion n’a été reçue pour cette période.",
        emptyHelp: "Soit rien n’a été diffusé, soit les écrans n’ont pas encore transmis leur journal. Essayez une période plus longue.",
        csv: {
            from: "Du",
            to: "Au",
            shownSeconds: "Temps d’écran (s)",
            panelOff: "Dont écran éteint",
            framesDue: "Images attendues",
            framesShown: "Images montrées",
            scansUnknown: "non mesuré",
            remark: "Remarque",
            exampleData: "données d’exemple",
        },
        exampleData: "Données d’exemple.",
        exampleDataHelp: "Une partie de cette période a été fabriquée pour une démonstration\u00a0: ces chiffres ne mesurent rien.",
    },

    evidence: {
        title: "Ce que valent ces chiffres",
        known: "Ce que l’on sait",
        unknown: "Ce que l’on ne sait pas",
        received: (rows: number, showings: number) =>
            `${many(rows, "passage reçu", "passages reçus")} des écrans (capsules, cartes et messages), dont ${many(showings, "diffusion", "diffusions")} de capsules. ` +
            "Chaque passage est numéroté et n’est compté qu’une fois, même s’il est transmis deux fois.",
        frames: (share: string) =>
            `${share} des images attendues ont réellement été affichées par les lecteurs. Une diffusion n’est comptée que si la capsule a été affichée.`,
        complete: (complete: number, others: number) =>
            others === 0
                ? `Toutes les diffusions sont allées jusqu’au bout.`
                : `${many(complete, "diffusion est allée", "diffusions sont allées")} jusqu’au bout\u00a0; ${many(others, "a été interrompue", "ont été interrompues")} (fermeture, coupure, changement de programme).`,
        bookedByDay: "Chaque diffusion est rattachée à son jour par une horloge vérifiée.",
        missingNone: "Aucun passage ne manque dans les journaux reçus\u00a0: la numérotation est continue.",
        missing: (rows: number) =>
            `${many(rows, "passage est connu comme perdu ou pas encore reçu", "passages sont connus comme perdus ou pas encore reçus")}, ` +
            "d’après la numérotation des journaux. Ils ne sont pas comptés\u00a0: le vrai total peut être plus élevé.",
        unknownGaps: (gaps: number) =>
            `${many(gaps, "perte", "pertes")} dont l’écran ne connaît pas l’étendue (disque plein ou abîmé). Le vrai total peut être plus élevé.`,
        panelOff: (showings: number) =>
            `${many(showings, "diffusion a eu lieu", "diffusions ont eu lieu")} alors que l’écran était éteint. Le total ci-dessus les comprend.`,
        opening: (open: string, screens: number) => `Heures d’ouverture sur la période, pour ${many(screens, "écran", "écrans")}\u00a0: ${open}.`,
        openingProven: (time: string, share: string) => `À l’écran, prouvé par les journaux\u00a0: ${time} (${share}).`,
        openingOff: (time: string) => `Écran éteint ou lecteur à l’arrêt, d’après les journaux\u00a0: ${time}.`,
        openingUnknown: (time: string, share: string) =>
            `Heures d’ouverture dont on ne sait rien\u00a0: ${time} (${share}). Rien n’est supposé pour elles\u00a0: ni diffusion, ni panne.`,
        corrections: (count: number, showings: number) =>
            `${many(count, "correction d’heure déjà close", "corrections d’heures déjà closes")} sur la période (${showings > 0 ? "+" : ""}${showings}\u00a0diffusions en tout)\u00a0: passages transmis plus tard, ou heure précisée. Chacune est gardée avec sa date.`,
        apart: (rows: number) =>
            `${many(rows, "ligne de journal porte", "lignes de journal portent")} un numéro déjà pris (copie d’un appareil, falsification). Mises à part, elles ne sont dans aucun chiffre.`,
        refused: (times: number) =>
            `${many(times, "envoi refusé", "envois refusés")} sur la période\u00a0: faux, rejoué, modifié, ou d’un appareil révoqué. Rien n’en est compté.`,
        dropped: (rows: number) =>
            `${many(rows, "ligne de détail effacée", "lignes de détail effacées")} par la règle de conservation. Les totaux qui en viennent restent comptés.`,
        boundedNone: "Aucune diffusion sans date sûre.",
        bounded: (showings: number, time: string) =>
            `${many(showings, "diffusion", "diffusions")} (${time}) sans date sûre\u00a0: l’écran n’avait pas encore l’heure exacte. Elles ont eu lieu et peuvent appartenir à cette période, mais ne sont rattachées à aucun jour et ne sont pas dans les totaux ci-dessus.`,
        notYet: "Ce que les écrans hors réseau n’ont pas encore transmis. Les chiffres des derniers jours peuvent donc encore augmenter.",
        audience: "Combien de personnes ont regardé. On compte des passages à l’écran, pas des spectateurs\u00a0: il n’y a ni caméra ni capteur.",
        panel: "Si la dalle était allumée. Le lecteur sait ce qu’il a envoyé à l’écran, pas toujours si l’écran était sous tension.",
        scans: "Combien de personnes ont ouvert le lien du QR code\u00a0: ce n’est pas mesuré, faute d’adresse publique réglée.",
        scansCounted: "Qui a ouvert le lien du QR code. Une ouverture est comptée sans rien retenir de la personne\u00a0; une même personne peut l’ouvrir plusieurs fois.",
    },
};

export type Words = typeof french;

// What has no English yet stays French.
function inEnglish(): Words {
    const merged = Object.entries(french).map(([key, section]) => {
        const other = english[key as keyof Words];
        return [key, typeof section === "string" ? (other ?? section) : { ...section, ...(other as object | undefined) }];
    });
    return Object.fromEntries(merged) as Words;
}

export const fr: Words = language === "en" ? inEnglish() : french;
