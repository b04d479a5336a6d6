import { useEffect, useRef } from "react";

/** Calls `onBeat` every `milliseconds` while the page is looked at, and at once when it is looked at again. */
export function Pulse({ milliseconds, onBeat }) {
  const beat = useRef(onBeat);
  beat.current = onBeat;
  useEffect(() => {
    const tell = () => document.visibilityState === "visible" && beat.current?.();
    const timer = setInterval(tell, milliseconds);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [milliseconds]);
  return null;
}
