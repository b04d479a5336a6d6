/**
 * What an agent wrote, as text with structure and nothing else.
 *
 * Raw HTML stays text, pictures become links, links go to http, https or mail only.
 */
import { memo } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

const PLUGINS = [remarkGfm];
const ALLOWED = /^(https?:|mailto:)/i;

const safe = (url) => (ALLOWED.test(url) ? url : "");

const Link = ({ href, children }) =>
  href ? <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a> : <span>{children}</span>;

const COMPONENTS = {
  a: Link,
  img: ({ src, alt }) => <Link href={src}>{alt || src}</Link>,
  table: ({ children }) => <div className="run-md-table"><table>{children}</table></div>,
};

const Block = memo(function Block({ text }) {
  return <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={safe}>{text}</ReactMarkdown>;
});

/** While text streams in, only its last block is parsed again; once it is whole, it is read as one. */
export function Markdown({ text, isStreaming = false }) {
  const blocks = isStreaming ? blocksOf(text) : [text];
  return (
    <div className="prose run-md" data-streaming={isStreaming || undefined}>
      {blocks.map((block, place) => <Block key={place} text={block} />)}
    </div>
  );
}

/** Cut at empty lines that are not inside a fence; a list or table is never cut in the middle. */
export function blocksOf(text) {
  const blocks = [];
  let lines = [];
  let isFenced = false;
  for (const line of text.split("\n")) {
    if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
    const starts = !isFenced && lines.length && lines.at(-1).trim() === "" && /^(#|[A-Za-zÀ-ÿ*_`"“(])/.test(line) && !/^[*_-]\s/.test(line);
    if (starts) {
      blocks.push(lines.join("\n"));
      lines = [];
    }
    lines.push(line);
  }
  return [...blocks, lines.join("\n")];
}
