// Which days the figures are about. The three usual spans act at once; dates wait for the button.
import { useState } from "preact/hooks";
import { fr } from "../fr";
import { faultOf, periodOf, type Period, type PeriodChoice, type PeriodFault } from "../period";
import { Field, focusFirst } from "./field";

const choices: PeriodChoice[] = ["7", "30", "mois", "dates"];

export function PeriodChooser(props: { period: Period; today: string; onPeriod: (period: Period) => void }) {
    const [choice, setChoice] = useState<PeriodChoice>(props.period.choice);
    const [from, setFrom] = useState(props.period.from);
    const [to, setTo] = useState(props.period.to);
    const [fault, setFault] = useState<PeriodFault | null>(null);
    const words = fr.statistics;

    const choose = (next: PeriodChoice) => {
        setChoice(next);
        setFault(null);
        if (next === "dates") return;
        const period = periodOf(next, props.today);
        setFrom(period.from);
        setTo(period.to);
        props.onPeriod(period);
    };
    const apply = (event: Event) => {
        event.preventDefault();
        const found = faultOf(from, to);
        setFault(found);
        if (found === null) props.onPeriod({ choice: "dates", from, to });
        else focusFirst([found === "missing-from" ? "from" : "to"]);
    };

    return (
        <form class="period no-print" onSubmit={apply} noValidate>
            <fieldset>
                <legend>{words.period}</legend>
                <div class="segments">
                    {choices.map((value) => (
                        <label key={value} class="segment">
                            <input type="radio" name="period" value={value} checked={choice === value} onChange={() => choose(value)} />
                            <span>{words.choices[value]}</span>
                        </label>
                    ))}
                </div>
            </fieldset>
            {choice === "dates" && (
                <div class="dates">
                    <Field
                        id="from"
                        type="date"
                        label={words.from}
                        value={from}
                        onValue={setFrom}
                        refusal={fault === "missing-from" ? words.faults[fault] : undefined}
                    />
                    <Field
                        id="to"
                        type="date"
                        label={words.to}
                        value={to}
                        onValue={setTo}
                        refusal={fault !== null && fault !== "missing-from" ? words.faults[fault] : undefined}
                    />
                    <button class="button button-main" type="submit">
                        {words.apply}
                    </button>
                </div>
            )}
        </form>
    );
}
