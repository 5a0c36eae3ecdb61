// A message to the people behind the site.
(function () {
  const { h, button, form, confirmation, reference, toast, recall, keep } = Site;

  Site.widget("contact", (root) => {
    const ask = () =>
      root.replaceChildren(
        h(
          "article",
          { class: "panel" },
          form({
            heading: "Send a message",
            fields: [
              { key: "name", label: "Your name", required: true },
              { key: "email", label: "Email", type: "email", required: true },
              {
                key: "topic",
                label: "Subject",
                options: ["General question", "Offer or price", "Feedback", "Something is wrong"],
              },
              { key: "message", label: "Message", type: "long", required: true },
            ],
            submit: "Send message",
            values: Site.user() || {},
            onsubmit: (values) => {
              keep("messages", [...recall("messages", []), values]);
              const code = reference("message");
              root.replaceChildren(
                confirmation(
                  `Thank you, ${values.name}.`,
                  `Your message was sent. We will answer ${values.email} within one working day. Reference ${code}.`,
                  button("Send another message", ask, "ghost small"),
                ),
              );
              toast("Your message was sent.");
            },
          }),
        ),
      );
    ask();
  });
})();
