// The icons stand in the site's data as SVG markup that comes with the site itself.
export default function Icon({ name }) {
  const markup = window.SITE.icons[name] || window.SITE.icons.spark;
  return (
    <span
      className="icon"
      aria-hidden="true"
      dangerouslySetInnerHTML={{ __html: `<svg viewBox="0 0 24 24">${markup}</svg>` }}
    />
  );
}
