import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";

// What agents write is a stranger's text: no raw HTML, and showing it fetches nothing.
const outward = { target: "_blank", rel: "noopener noreferrer nofollow" };
const components = {
  a: ({ node, ...props }) => <a {...props} {...outward} />,
  img: ({ src, alt }) => (
    <a href={src} {...outward}>
      {alt || src}
    </a>
  ),
};
const plugins = [remarkGfm];

export function SafeMarkdown({ text, className = "" }) {
  return (
    <div className={`prose ${className}`}>
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text ?? ""}
      </ReactMarkdown>
    </div>
  );
}
