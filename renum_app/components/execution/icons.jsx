/** The few line icons of the execution page; always beside a word, so hidden from screen readers. */
import { Hand } from "lucide-react";

const PATHS = {
  pending: <circle cx="12" cy="12" r="8" strokeDasharray="3 3.3" />,
  running: <path d="M8 5.5v13l10-6.5z" fill="currentColor" stroke="none" />,
  waiting: <path d="M12 7v5l3 2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17" />,
  completed: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  failed: <path d="m7 7 10 10M17 7 7 17" />,
  skipped: <path d="M5 6v12l8-6zM18 6v12" />,
  cancelled: <rect x="7" y="7" width="10" height="10" rx="1.5" />,
  interrupted: <path d="M9 6v12M15 6v12" />,
  reused: <path d="M4.5 12a7.5 7.5 0 0 1 13-5.1L20 9.5m0-5v5h-5M8.5 13l2.5 2.5 4.5-4.5" />,
  fork: <path d="M6 4v16M6 9c0 4 12 2 12 7v4m-3-3 3 3 3-3" />,
  edit: <path d="m5 19 1-4L16.5 4.5l3 3L9 18z" />,
  raise: <path d="M12 20V6m-5.5 5.5L12 6l5.5 5.5" />,
  stop: <rect x="6.5" y="6.5" width="11" height="11" rx="2" />,
  agent: <path d="M6 9h12v9H6zM12 9V5.5M9.5 13v1M14.5 13v1M3.5 12.5v2M20.5 12.5v2" />,
  copy: <path d="M9 9h10v11H9zM6 15H5V4h10v1" />,
  download: <path d="M12 4v11m-4.5-4 4.5 4.5 4.5-4.5M5 20h14" />,
  down: <path d="M12 5v13m-5-5 5 5 5-5" />,
  search: <path d="M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12m4.5 10.5 5 5" />,
  score: <path d="M4 7h9M8 12h11M6 17h8" strokeWidth="3" />,
  graph: <path d="M4 9h5v6H4zM15 4h5v6h-5zM15 14h5v6h-5zM9 12h3V7h3M12 12v5h3" />,
  path: <path d="M4 7h6v5h6v5h4m-3-3 3 3-3 3" />,
  zoom_in: <path d="M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12m4.5 10.5 5 5M8 10.5h5M10.5 8v5" />,
  zoom_out: <path d="M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12m4.5 10.5 5 5M8 10.5h5" />,
  fit: <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />,
  back: <path d="M15 5.5 8.5 12l6.5 6.5M5 5v14" />,
  on: <path d="m9 5.5 6.5 6.5L9 18.5M19 5v14" />,
  grid: <path d="M5 5h6v6H5zM13 5h6v6h-6zM5 13h6v6H5zM13 13h6v6h-6z" />,
  repeat: <path d="M5 12a7 7 0 0 1 12-5l2 2m0-5v5h-5M19 12a7 7 0 0 1-12 5l-2-2m0 5v-5h5" />,
};

export function Icon({ name, size = 14 }) {
  if (name === "asked") return <Hand aria-hidden="true" className="run-icon" width={size} height={size} strokeWidth={2.25} />;
  return (
    <svg
      aria-hidden="true" className="run-icon" width={size} height={size} viewBox="0 0 24 24" fill="none"
      stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round"
    >
      {PATHS[name] ?? PATHS.pending}
    </svg>
  );
}
