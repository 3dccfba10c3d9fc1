from pages.forms import PageForm


class OrderForm(PageForm):
    """Nothing to fill in: the key alone, so that twice pressed is once ordered."""
