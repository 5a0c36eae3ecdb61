(function () {
  // The smallest file that PDF readers accept: one page, one font, wrapped lines.
  Site.pdf = (title, text) => {
    const lines = (title + "\n\n" + text)
      .replace(/[^\x20-\x7e\n]/g, " ")
      .split("\n")
      .flatMap((line) => line.match(/.{1,80}(?:\s|$)|.{1,80}/g) || [""]);
    const drawn = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) '`).join("\n");
    const stream = `BT /F1 12 Tf 56 780 Td 16 TL\n${drawn}\nET`;
    const objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
      `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let file = "%PDF-1.4\n";
    const places = objects.map((object, index) => {
      const at = file.length;
      file += `${index + 1} 0 obj\n${object}\nendobj\n`;
      return at;
    });
    const start = file.length;
    return `${file}xref\n0 6\n0000000000 65535 f \n${places.map((at) => String(at).padStart(10, "0") + " 00000 n \n").join("")}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`;
  };
})();
