// Bars per day, drawn by uPlot on a canvas. Whoever does not see it has the sentence in its label and the table that follows.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { integer, longDay, shortDay } from "../format";
import { fr } from "../fr";

export interface DayValue {
    day: string; // local date
    value: number;
}

const ink = "#33444a";
const grid = "#e3e0d8";
const bar = "#14747f";
const height = 260;

function options(width: number, days: DayValue[], onIndex: (index: number | null) => void): uPlot.Options {
    const font = '13px system-ui, "Segoe UI", Roboto, sans-serif';
    const bars = uPlot.paths.bars?.({ size: [0.72, 56], radius: 0.12 });
    const narrowest = Math.max(1, Math.ceil(days.length / Math.max(2, Math.floor(width / 72))));
    return {
        width,
        height,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
        scales: {
            x: { time: false, range: [-0.6, days.length - 0.4] },
            y: { range: (_plot, _low, high) => [0, Math.max(4, high * 1.08)] },
        },
        axes: [
            {
                stroke: ink,
                font,
                size: 36,
                grid: { show: false },
                ticks: { show: false },
                splits: () => days.map((_, index) => index).filter((index) => index % narrowest === 0),
                values: (_plot, splits) => splits.map((index) => (days[index] ? shortDay(days[index].day) : "")),
            },
            {
                stroke: ink,
                font,
                size: 64,
                grid: { stroke: grid, width: 1 },
                ticks: { show: false },
                incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000],
                values: (_plot, splits) => splits.map(integer),
            },
        ],
        series: [{}, { fill: bar, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) }],
        hooks: { setCursor: [(plot) => onIndex(plot.cursor.idx ?? null)] },
    };
}

export function DailyChart(props: { days: DayValue[] }) {
    const box = useRef<HTMLDivElement>(null);
    const [index, setIndex] = useState<number | null>(null);
    const { days } = props;

    useEffect(() => {
        const place = box.current;
        if (!place) return;
        let plot: uPlot | null = null;
        const draw = (width: number) => {
            plot?.destroy();
            plot = new uPlot(options(width, days, setIndex), [days.map((_, at) => at), days.map((day) => day.value)], place);
        };
        const watch = new ResizeObserver(([entry]) => {
            const width = Math.floor(entry?.contentRect.width ?? 0);
            if (width > 0 && width !== plot?.width) draw(width);
        });
        watch.observe(place);
        return () => {
            watch.disconnect();
            plot?.destroy();
        };
    }, [days]);

    const best = days.reduce((most, day) => (day.value > most.value ? day : most), days[0] ?? { day: "1970-01-01", value: 0 });
    const total = days.reduce((sum, day) => sum + day.value, 0);
    const empty = days.filter((day) => day.value === 0).length;
    const pointed = index === null ? undefined : days[index];
    return (
        <div class="chart">
            <div
                class="chart-canvas"
                ref={box}
                role="img"
                aria-label={fr.statistics.chartText(days.length, total, longDay(best.day), best.value, empty)}
            />
            <p class="chart-readout" aria-hidden="true">
                {pointed ? fr.statistics.readout(longDay(pointed.day), pointed.value) : fr.statistics.readoutHint}
            </p>
        </div>
    );
}
